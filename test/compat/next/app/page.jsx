import { Chat } from '../chat.js'

/** A server component. */
export default async function Page({ searchParams }) {
  const { me, peer } = await searchParams
  return <Chat me={me} peer={peer} />
}
