import { Injectable } from '@nestjs/common'
import type { Socket } from 'socket.io'

export interface User {
  id: string
  name: string
}

/** Your own sessions and contacts take the place of these two. */
const users = new Map<unknown, User>([
  ['token-of-ann', { id: 'ann', name: 'Ann' }],
  ['token-of-bob', { id: 'bob', name: 'Bob' }],
])
const contacts = new Set(['ann bob', 'bob ann'])

@Injectable()
export class UsersService {
  /** Says who has opened a connection, by the token of its handshake. */
  userOf(socket: Socket): User | null {
    return users.get(socket.handshake.auth.token) ?? null
  }

  areContacts(one: string, other: string): boolean {
    return contacts.has(`${one} ${other}`)
  }
}
