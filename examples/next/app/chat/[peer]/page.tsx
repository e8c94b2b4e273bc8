import { notFound } from 'next/navigation'
import { findPerson } from '../../../people'
import { Conversation } from './conversation'

/** A server component that knows with whom the conversation is. The client component does the rest. */
export default async function ConversationPage({ params }: PageProps<'/chat/[peer]'>) {
  const { peer } = await params
  const person = findPerson(peer)
  if (!person) notFound()
  return <Conversation key={peer} peer={person} />
}
