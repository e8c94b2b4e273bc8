import type { Server } from 'socket.io'
import { attachOnlineMessages, type OnlineMessageServer } from '../../src/server/index.ts'

interface ChatApp {
  readonly io: Server
  /** Returns the user of a token, `null` for a wrong one. */
  readonly findUser: (token: unknown) => { readonly id: string; readonly name: string } | null
  /** Says who is in a chat, two people or many. */
  readonly isMember: (chatId: string, userId: string) => boolean
}

/** Serves chats that have an id of their own. */
export function serveChats({ io, findUser, isMember }: ChatApp): OnlineMessageServer {
  return attachOnlineMessages(io, {
    // With a name: the badge of a group shows it. An id alone makes it say "Somebody is typing…".
    identify: (socket) => findUser(socket.handshake.auth.token),
    // Every conversation of this app is a chat: { user } is refused.
    authorize: ({ user, conversation }) => conversation.group !== undefined && isMember(conversation.group, user.id),
  })
}
