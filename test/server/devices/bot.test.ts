import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createOnlineMessageClient, type OnlineMessage, type TypingState } from '../../../src/core/index.ts'
import type { AuthorizationRequest } from '../../../src/server/index.ts'
import { SEND } from '../../../src/core/transport/wire.ts'
import { allQuiet, closeAll, names, startServer, type TestServer, until } from '../../support/server/harness.ts'

const complaints = vi.spyOn(console, 'error')
beforeEach(() => {
  complaints.mockReset().mockReturnValue(undefined)
})
afterEach(closeAll)

const group = { group: 'team' }
const robot = { id: 'bot', name: 'Robot' }

function startBot({ online }: TestServer) {
  const errors: Error[] = []
  const transport = online.createBot(robot)
  return { transport, errors, client: createOnlineMessageClient({ transport, onError: (error) => errors.push(error) }) }
}
const turn = () => new Promise(setImmediate)

test('T3, T4, T5: a bot receives, sends and types like any other user', async () => {
  const server = await startServer({ plugin: { countRecipients: true } })
  const bot = startBot(server)
  const ann = await server.connect('ann')
  const heard = await ann.hear(group)
  const states = await ann.watch(group)
  const botHears: OnlineMessage[] = []
  const botSees: TypingState[] = []
  const leave = bot.client.subscribe(group, 'note', (message) => botHears.push(message))
  const unwatch = bot.client.typists(group).subscribe((state) => botSees.push(state))
  expect(bot.client.connection.getState()).toBe('online')

  expect(await ann.client.send(group, 'note', { n: 1 })).toEqual({ ok: true, recipients: 1 })
  ann.client.typing(group).keystroke()
  await ann.settled()
  expect(botHears).toEqual([{ conversation: group, command: 'note', data: { n: 1 }, from: { id: 'ann' } }])
  expect(names(botSees.at(-1))).toEqual(['ann'])

  expect(await bot.client.send(group, 'note', 2)).toEqual({ ok: true, recipients: 1 })
  const release = bot.client.typing(group).startActivity('thinking')
  await ann.settled()
  expect(heard).toEqual([{ conversation: group, command: 'note', data: 2, from: robot }])
  expect(states.at(-1)?.typists).toMatchObject([{ ...robot, activity: 'thinking' }])
  // Ann's and the bot's: a lease of the server's, and no message that looks like one.
  expect(server.online.stats()).toMatchObject({ leases: 2, messagesIn: 2 })
  release()
  await ann.settled()
  expect(states.at(-1)?.total).toBe(0)
  // Neither itself nor its own typing.
  await turn()
  expect([botHears.length, botSees.flatMap(names)]).toEqual([1, ['ann']])

  leave()
  unwatch()
  expect(server.online.stats().subscriptions).toBe(1)
  await ann.client.send(group, 'note', 3)
  expect(botHears).toHaveLength(1)
})

test('a bot that answers within its listener answers after it was asked', async () => {
  const server = await startServer()
  const bot = startBot(server)
  bot.client.subscribe({ user: 'ann' }, 'ask', ({ data, from }) => {
    void bot.client.send({ user: from.id }, 'answer', data)
  })
  const ann = await server.connect('ann')
  const heard: unknown[] = []
  ann.client.subscribe({ user: 'bot' }, 'answer', ({ data }) => heard.push(data))
  await ann.settled()
  for (let n = 0; n < 10; n++) void ann.client.send({ user: 'bot' }, 'ask', n)
  await until(() => heard.length === 10)
  expect(heard).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

test('authorize is asked about a bot like about any other user, and may deny it', async () => {
  const asked: AuthorizationRequest[] = []
  const server = await startServer({
    plugin: {
      authorize(request) {
        asked.push(request)
        return request.user.id !== 'bot'
      },
    },
  })
  const bot = startBot(server)
  const heard: unknown[] = []
  bot.client.subscribe(group, 'note', (message) => heard.push(message))
  expect(await bot.client.send(group, 'note', 1)).toMatchObject({ ok: false, code: 'forbidden' })
  bot.client.typing(group).keystroke()
  await turn()
  const ann = await server.connect('ann')
  await ann.client.send(group, 'note', 1)
  await turn()
  expect([heard, server.online.stats().subscriptions, server.online.stats().leases]).toEqual([[], 0, 0])
  expect(bot.errors).toMatchObject([{ code: 'forbidden' }, { code: 'forbidden' }])
  expect(asked.slice(0, 3)).toEqual([
    { user: robot, conversation: group, action: 'subscribe' },
    { user: robot, conversation: group, action: 'send', command: 'note' },
    { user: robot, conversation: group, action: 'send', command: 'textInput' },
  ])
})

test('revoke works for a bot like for any other user', async () => {
  const server = await startServer()
  const bot = startBot(server)
  const ann = await server.connect('ann')
  const heard: unknown[] = []
  bot.client.subscribe(group, 'note', (message) => heard.push(message))
  server.online.revoke({ user: 'bot', conversation: group })
  await ann.client.send(group, 'note', 1)
  await turn()
  expect([heard, bot.errors.length]).toEqual([[], 1])
})

test('a bot gets the same refusals for what cannot be sent', async () => {
  const { online } = await startServer({ plugin: { maxBytes: 10 } })
  const { transport } = startBot({ online } as TestServer)
  const send = (changes: object) => transport.send({ conversation: group, command: 'note', data: 1, ...changes })
  expect(await send({ data: 'x'.repeat(11) })).toMatchObject({ ok: false, code: 'too-large' })
  expect(await send({ data: 1n })).toMatchObject({ ok: false, code: 'invalid' })
  expect(await send({ command: '' })).toMatchObject({ ok: false, code: 'invalid' })
  expect(await send({ conversation: {} })).toMatchObject({ ok: false, code: 'invalid' })
  expect(await send({ priority: 'utmost' })).toEqual({ ok: true })
  const refused: unknown[] = []
  transport.subscribe({} as typeof group, { message() {}, typists() {}, refused: (why) => refused.push(why) })()
  expect(refused).toMatchObject([{ code: 'invalid' }])
})

test('invalid JSON, from a client that is not ours, counts as no data for a bot', async () => {
  const server = await startServer()
  const bot = startBot(server)
  const heard: unknown[] = []
  bot.client.subscribe(group, 'note', ({ data }) => heard.push(data))
  const mallory = await server.raw('mallory')
  for (const text of ['{', '', '[1', 'undefined', '1']) {
    expect(await mallory.emitWithAck(SEND, Date.now(), 'note', text, group)).toEqual({ ok: true })
  }
  await turn()
  expect(heard).toEqual([undefined, undefined, undefined, undefined, 1])
})

test('createBot() takes an id or a user, and says what is wrong with anything else', async () => {
  const { online } = await startServer()
  expect(online.createBot('bot').connection.getState()).toBe('online')
  for (const user of [null, undefined, '', {}, { id: '' }, { id: 7 }, { id: 'x'.repeat(257) }]) {
    expect(() => online.createBot(user as string)).toThrow(TypeError)
  }
})

test('T4: two bots of one user do not receive from each other, and neither does a person with the bot’s id', async () => {
  const server = await startServer()
  const [one, two] = [startBot(server), startBot(server)]
  const same = await server.connect('bot')
  const heard = await same.hear(group)
  const botHeard: unknown[] = []
  two.client.subscribe(group, 'note', (message) => botHeard.push(message))
  await one.client.send(group, 'note', 1)
  await allQuiet(same)
  expect([heard, botHeard]).toEqual([[], []])
})
