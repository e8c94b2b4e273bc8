/** The HTTP half of the chat: see server/api.ts. */
import type { History, Message, User } from '../shared.ts'

async function read<Answer>(response: Response): Promise<Answer> {
  if (!response.ok) throw new Error(`The server answered ${response.status}.`)
  return (await response.json()) as Answer
}

const post = (path: string, body: object) =>
  fetch(`/api${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

/** @returns who has signed in on this device, or `null`. */
export const fetchUser = async () => read<User | null>(await fetch('/api/me'))

export const fetchHistory = async () => read<History>(await fetch('/api/history'))

export const signIn = async (name: string, password: string) => read<User>(await post('/sign-in', { name, password }))

export const signOut = () => post('/sign-out', {})

export const sendMessage = async (roomId: string, text: string) =>
  read<Message>(await post(`/rooms/${roomId}/messages`, { text }))
