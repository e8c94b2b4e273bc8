import { Server } from 'socket.io'
import type { Transport } from 'react-online-message/core'
import { createMemoryNetwork } from 'react-online-message/memory'
import { attachOnlineMessages } from 'react-online-message/server'

const io = new Server()
const onlineMessages = attachOnlineMessages(io, {
  identify: (socket) => socket.handshake.auth['user'] as string,
  authorize: ({ user, conversation }) => user.id !== conversation.user,
})

export const bot: Transport = onlineMessages.createBot({ id: 'bot', name: 'Bot' })
export const inPage: Transport = createMemoryNetwork().join({ id: 'ann' })
onlineMessages.revoke({ user: 'ann', conversation: { group: 'team' } })
onlineMessages.close()

// @ts-expect-error who may write to whom has no default
attachOnlineMessages(io, { identify: () => 'ann' })
