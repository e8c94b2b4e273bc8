import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createError, withCode } from '../../src/core/errors.ts'
import { invalidConversation } from '../../src/core/message/validation-failures.ts'
import { HELLO, PROTOCOL_VERSION, SEND } from '../../src/core/transport/wire.ts'
import type { OnlineMessageServerOptions } from '../../src/server/index.ts'
import { closeAll, startServer, until } from '../support/server/harness.ts'

const complaints = vi.spyOn(console, 'error')
beforeEach(() => {
  complaints.mockReset().mockReturnValue(undefined)
})
afterEach(closeAll)

/** As MongoDB's: an object that prints as a string, and has its bytes in `id`. */
class ObjectId {
  readonly id = new Uint8Array(12)
  toString() {
    return '65a1b2c3d4e5f60718293a4b'
  }
  toJSON() {
    return this.toString()
  }
}
class Uuid {
  toString() {
    return '0b8b1a62-0d2c-4a3e-9a53-0d1d3c3f7f5e'
  }
}
class UserDocument {
  readonly id: unknown
  constructor(id: unknown) {
    this.id = id
  }
}

const isAn = (what: string) => `an id that is ${what}. Ids are strings: give String(id).`
const wrongIds: [what: string, id: unknown, says: string][] = [
  ['a number', 5, isAn('a number (5)')],
  ['NaN', NaN, isAn('a number (NaN)')],
  ['a bigint', 5n, isAn('a bigint (5)')],
  ['a symbol', Symbol('ann'), isAn('a symbol (Symbol(ann))')],
  ['a boolean', true, isAn('a boolean (true)')],
  ['a function', () => 'ann', isAn('a function')],
  ['an array', ['ann'], isAn('an Array')],
  ['an ObjectId', new ObjectId(), isAn('an ObjectId')],
  ['a uuid', new Uuid(), isAn('an Uuid')],
  ['bytes', Buffer.from('ann'), isAn('a Buffer')],
  ['a String object', Object('ann'), isAn('a String')],
  ['an empty string', '', 'an empty id. Give a string of 1 to 256 characters.'],
  ['a long string', 'x'.repeat(257), 'an id of 257 characters. Give a string of 1 to 256 characters.'],
]

const identifyFailed = {
  ok: false,
  code: 'forbidden',
  message: "The server could not find out whose connection this is: its identify failed. Look at the server's log.",
}

/** What the log says, and what the client hears. */
async function connectWith(identify: () => unknown) {
  const server = await startServer({ plugin: { identify: identify as OnlineMessageServerOptions['identify'] } })
  const ann = await server.raw('ann')
  const answers: unknown[] = [
    await ann.emitWithAck(HELLO, PROTOCOL_VERSION),
    await ann.emitWithAck(SEND, Date.now(), 'note', '1', { group: 'team' }),
  ]
  return { answers, logged: complaints.mock.calls.map(([, error]) => (error as Error).message) }
}

describe.each(wrongIds)('an id that is %s', (_, id, says) => {
  test('of the user from identify is named in the log, and the client hears that identify failed', async () => {
    const { answers, logged } = await connectWith(() => ({ id, name: 'Ann' }))
    expect(logged).toEqual([withCode('invalid-id', `identify gave ${says}`)])
    expect(answers).toEqual([identifyFailed, identifyFailed])
  })

  test('in place of the user is named as well', async () => {
    const { answers, logged } = await connectWith(async () => id)
    expect(logged).toEqual([withCode('invalid-id', `identify gave ${says}`)])
    expect(answers).toEqual([identifyFailed, identifyFailed])
  })

  test('createBot and revoke name it', async () => {
    const { online } = await startServer()
    expect(() => online.createBot(id as string)).toThrow(
      createError(TypeError, 'invalid-id', `createBot() was given ${says}`),
    )
    expect(() => online.createBot({ id: id as string })).toThrow(
      createError(TypeError, 'invalid-id', `createBot() was given ${says}`),
    )
    expect(() => online.revoke({ user: id as string })).toThrow(
      createError(TypeError, 'invalid-id', `revoke() was given ${says}`),
    )
    const wrongGroup = { user: 'ann', conversation: { group: id as string } }
    expect(() => online.revoke(wrongGroup)).toThrow(createError(TypeError, 'invalid-id', `revoke() was given ${says}`))
  })
})

test('the id of a document of a class is named, and not its class', async () => {
  expect((await connectWith(() => new UserDocument(5))).logged).toEqual([
    withCode('invalid-id', `identify gave ${isAn('a number (5)')}`),
  ])
})

test('a user without an id is named as such', async () => {
  const says = 'no id. Ids are strings: give String(id).'
  expect((await connectWith(() => ({ _id: new ObjectId() }))).logged).toEqual([
    withCode('invalid-id', `identify gave ${says}`),
  ])
  const { online } = await startServer()
  for (const user of [{}, null, undefined, { name: 'Robot' }]) {
    expect(() => online.createBot(user as string)).toThrow(
      createError(TypeError, 'invalid-id', `createBot() was given ${says}`),
    )
  }
  expect(() => online.revoke({} as { user: string })).toThrow(
    createError(TypeError, 'invalid-id', `revoke() was given ${says}`),
  )
})

test('revoke with a conversation that is none throws, because it would revoke nothing', async () => {
  const { online } = await startServer()
  for (const conversation of [{}, null, { user: 'a', group: 'b' }, { thread: 't' }, { group: 'b', thread: 5 }]) {
    const request = { user: 'ann', conversation: conversation as { group: string } }
    expect(() => online.revoke(request)).toThrow(
      createError(TypeError, 'invalid-conversation', invalidConversation.message),
    )
  }
})

test('what identify throws stays on the server: the client hears that it failed, and nothing of the error', async () => {
  const secret = new Error('password of postgres://admin:hunter2@db')
  const server = await startServer({
    plugin: {
      identify() {
        throw secret
      },
    },
  })
  const ann = await server.raw('ann')
  expect(await ann.emitWithAck(HELLO, PROTOCOL_VERSION)).toEqual(identifyFailed)
  await until(() => complaints.mock.calls.length)
  expect(complaints.mock.calls[0]![1]).toBe(secret)
})
