/**
 * Stands in for MongoDB: three collections in memory. As there, every document has an `_id` that is an ObjectId, and every
 * query takes its time.
 */
import { randomUUID } from 'node:crypto'
import { setImmediate as wait } from 'node:timers/promises'
import { ObjectId } from 'bson'

const withId = (fields) => ({ _id: new ObjectId(), ...fields })

export function openDatabase() {
  const users = ['Ann', 'Bob', 'Cy'].map((name) => withId({ name }))
  const [ann, bob, cy] = users
  const chats = [
    withId({ chatName: 'Lunch', users: [ann, bob, cy] }),
    withId({ chatName: 'Ann and Bob', users: [ann, bob] }),
    withId({ chatName: 'Bob and Cy', users: [bob, cy] }),
  ]
  const messages = []
  const userByToken = new Map()

  const isIn = (chat, userId) => chat.users.some(({ _id }) => _id.equals(userId))

  return {
    async logIn(name) {
      await wait()
      const user = users.find((each) => each.name === name)
      if (user === undefined) return null
      const token = randomUUID()
      userByToken.set(token, user)
      return { ...user, token }
    },

    async findUserByToken(token) {
      await wait()
      return userByToken.get(token) ?? null
    },

    async findChatsOf(userId) {
      await wait()
      return chats.filter((chat) => isIn(chat, userId))
    },

    /** @returns null for a chat that does not exist, and for one that the user is not in */
    async findChat(chatId, userId) {
      await wait()
      return chats.find((chat) => chat._id.equals(chatId) && isIn(chat, userId)) ?? null
    },

    async findMessages(chatId) {
      await wait()
      return messages.filter((message) => message.chat._id.equals(chatId))
    },

    async addMessage(fields) {
      await wait()
      const message = withId(fields)
      messages.push(message)
      return message
    },
  }
}
