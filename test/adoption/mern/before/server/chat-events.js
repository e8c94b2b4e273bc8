export function addChatEvents(io, database) {
  io.on('connection', (socket) => {
    socket.on('setup', async ({ token }) => {
      const user = await database.findUserByToken(token)
      if (user === null) return
      socket.join(String(user._id))
      socket.emit('connected')
    })

    socket.on('join chat', (chatId) => socket.join(chatId))

    socket.on('typing', (chatId) => socket.to(chatId).emit('typing'))
    socket.on('stop typing', (chatId) => socket.to(chatId).emit('stop typing'))

    socket.on('new message', (message) => {
      for (const { _id } of message.chat.users) {
        if (_id === message.sender._id) continue
        socket.to(_id).emit('message received', message)
      }
    })
  })
}
