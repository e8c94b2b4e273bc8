import express from 'express'

export function createRoutes(database) {
  const routes = express.Router()
  routes.use(express.json())

  routes.post('/login', async (request, response) => {
    const user = await database.logIn(request.body.name)
    if (user === null) response.status(401).end()
    else response.json(user)
  })

  routes.use(async (request, response, next) => {
    const token = request.get('authorization')?.replace('Bearer ', '')
    request.user = await database.findUserByToken(token)
    if (request.user === null) response.status(401).end()
    else next()
  })

  routes.get('/chats', async (request, response) => {
    response.json(await database.findChatsOf(request.user._id))
  })

  routes.use('/chats/:chatId/messages', async (request, response, next) => {
    request.chat = await database.findChat(request.params.chatId, request.user._id)
    if (request.chat === null) response.status(404).end()
    else next()
  })

  routes.get('/chats/:chatId/messages', async (request, response) => {
    response.json(await database.findMessages(request.chat._id))
  })

  routes.post('/chats/:chatId/messages', async (request, response) => {
    const { user: sender, chat } = request
    response.json(await database.addMessage({ sender, chat, content: request.body.content }))
  })

  return routes
}
