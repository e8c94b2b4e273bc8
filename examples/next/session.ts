import { createHmac, timingSafeEqual } from 'node:crypto'
import { findPerson, type Person } from './people'

export const SESSION_COOKIE = 'session'

/** The server that renders the pages and the one with the sockets share it: server.ts makes one when there is none. */
const secret = () => process.env.SESSION_SECRET!

const signatureOf = (id: string) => createHmac('sha256', secret()).update(id).digest('base64url')

/** The value of the cookie of a person who has signed in. Nobody else can make one. */
export const createSession = ({ id }: Person): string => `${id}.${signatureOf(id)}`

/** Whose session this is; `undefined` for none and for a forged one. */
export function personOfSession(session: string | undefined): Person | undefined {
  const [id = '', signature = ''] = session?.split('.') ?? []
  const given = Buffer.from(signature)
  const expected = Buffer.from(signatureOf(id))
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
  return findPerson(id)
}

/** The same, from the `Cookie` header of a connection. */
export function personOfCookies(header = ''): Person | undefined {
  const prefix = `${SESSION_COOKIE}=`
  const cookie = header.split('; ').find((part) => part.startsWith(prefix))
  return personOfSession(cookie?.slice(prefix.length))
}
