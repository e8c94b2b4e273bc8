import { attachOnlineMessages } from 'react-online-message/server'

export function addChatEvents(io, database) {
  const online = attachOnlineMessages(io, {
    identify: (socket) => socket.data.user ?? null,
    authorize: async ({ user, conversation }) => (await database.findChat(conversation.group, user.id)) !== null,
  })

  io.on('connection', (socket) => {
    socket.on('setup', async ({ token }) => {
      const user = await database.findUserByToken(token)
      if (user === null) return
      socket.join(String(user._id))
      socket.data.user = { id: String(user._id), name: user.name }
      online.reidentify(socket)
      socket.emit('connected')
    })

    socket.on('new message', (message) => {
      for (const { _id } of message.chat.users) {
        if (_id === message.sender._id) continue
        socket.to(_id).emit('message received', message)
      }
    })
  })
}
