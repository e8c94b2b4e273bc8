import { useLoaderData } from 'react-router'
import { Chat } from '../../chat.js'

export function loader({ request }) {
  const people = new URL(request.url).searchParams
  return { me: people.get('me'), peer: people.get('peer') }
}

export default function Home() {
  const { me, peer } = useLoaderData()
  return <Chat me={me} peer={peer} />
}
