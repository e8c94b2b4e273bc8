import type { Server } from 'socket.io'
import { attachOnlineMessages, type OnlineMessageServer } from '../../src/server/index.ts'

/** What a database uses as an id: a number, or an object such as MongoDB's `ObjectId`. */
type DatabaseId = number | { toString(): string }

export interface Database {
  findUser(token: unknown): Promise<{ _id: DatabaseId; name: string } | null>
  /** Finds out who is in a chat. */
  findMembers(chatId: string): Promise<DatabaseId[]>
}

export function serveFromDatabase(io: Server, database: Database): OnlineMessageServer {
  return attachOnlineMessages(io, {
    async identify(socket) {
      const user = await database.findUser(socket.handshake.auth.token)
      return user && { id: String(user._id), name: user.name }
    },
    async authorize({ user, conversation }) {
      if (conversation.group === undefined) return false
      const members = await database.findMembers(conversation.group)
      // Compare strings: `members.includes(user.id)` finds no string among numbers or objects.
      return members.some((id) => String(id) === user.id)
    },
  })
}
