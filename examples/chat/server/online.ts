/** Typing and reactions: all that the library needs on the server. */
import { attachOnlineMessages } from 'react-online-message/server'
import type { Server } from 'socket.io'
import type { Store } from './store.ts'

export function attachTyping(io: Server, store: Store) {
  attachOnlineMessages(io, {
    // Others see this name: "Ann is typing…".
    identify: (socket) => socket.request.session.user ?? null,
    // Who has signed in may enter every room that exists. A chat with private rooms asks here who their members are.
    authorize: ({ conversation }) => conversation.group !== undefined && store.hasRoom(conversation.group),
  })
}
