/** What a bot's transport does within a call, over a server without a network. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { OnlineMessage } from '../../../src/core/index.ts'
import { IDENTITY, MESSAGE, SEND, SUBSCRIBE, TYPISTS } from '../../../src/core/transport/wire.ts'
import { createBot } from '../../../src/server/devices/bot.ts'
import type { OnlineMessageServerOptions } from '../../../src/server/index.ts'
import type { Device } from '../../../src/server/model.ts'
import { readOptions } from '../../../src/server/options.ts'
import { startFakeServer } from '../../support/server/fake-sockets.ts'
import { createTestHub } from '../../support/server/hub.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const group = { group: 'team' }
const board = { group: 'board' }
const OK = { ok: true }
const turn = () => vi.advanceTimersByTimeAsync(0)

/** A bot, and Ann, who hears what it sends. */
function start(changes: Partial<OnlineMessageServerOptions> = {}) {
  const server = startFakeServer(changes)
  const bot = server.online.createBot({ id: 'robot', name: 'Robot' })
  const ann = server.connect('ann')
  ann.emit(SUBSCRIBE, [group, { user: 'robot' }])
  const got: unknown[] = []
  const listener = {
    message: (message: OnlineMessage) => got.push(message),
    typists: (...args: unknown[]) => got.push(args),
    refused: (reason: unknown) => got.push(reason),
  }
  return { ...server, bot, ann, got, listener }
}

const note = (changes: object = {}) => ({ conversation: group, command: 'note', data: { n: 1 }, ...changes })

test('T4: a bot receives what is sent to it, after the call that sent it', async () => {
  const { bot, ann, got, listener } = start()
  bot.subscribe(group, listener)
  ann.ask(SEND, Date.now(), 'note', '{"n":1}', group)
  expect(got).toEqual([])
  await turn()
  expect(got).toHaveLength(1)
  expect(got[0]).toMatchObject({ command: 'note', data: { n: 1 }, from: { id: 'ann' } })
})

test('G1: a bot does not receive what was on its way when it was closed', async () => {
  const { bot, ann, got, listener, online } = start()
  bot.subscribe(group, listener)
  ann.ask(SEND, Date.now(), 'note', '1', group)
  online.close()
  await turn()
  expect(got).toEqual([])
})

test('a bot sends JSON, with its priority, and is answered', async () => {
  const { bot, ann, online } = start({ countRecipients: true, rateLimits: { perGroup: 5 } })
  expect(await bot.send(note())).toEqual({ ok: true, recipients: 1 })
  expect(ann.take()).toEqual([[MESSAGE, group, 'note', '{"n":1}', { id: 'robot', name: 'Robot' }]])
  expect(online.stats().messagesIn).toBe(1)
  // Ten at once in a group: half of them may be low, eight in ten normal.
  const countAccepted = async (priority: string | undefined) => {
    const results = await Promise.all(Array.from({ length: 8 }, () => bot.send(note({ priority }))))
    return results.filter(({ ok }) => ok).length
  }
  expect(await countAccepted('low')).toBe(4)
  expect(await countAccepted(undefined)).toBe(3)
  expect(await countAccepted('high')).toBe(2)
})

test('a bot is refused what cannot be sent, and nobody receives it', async () => {
  const { bot, ann } = start({ maxBytes: 10 })
  expect(await bot.send(note({ data: 'x'.repeat(11) }))).toMatchObject({ code: 'too-large' })
  expect(await bot.send(note({ command: '' }))).toMatchObject({ code: 'invalid' })
  expect(ann.take()).toEqual([])
})

test('S4: a bot types, and stops typing, and neither is a message', async () => {
  const { bot, ann, online } = start()
  const typing = (data: object) => bot.send({ conversation: group, command: 'textInput', data })
  expect(await typing({ ttl: 7000, activity: 'thinking' })).toEqual(OK)
  expect(online.stats()).toMatchObject({ leases: 1, messagesIn: 0 })
  expect(await typing({ ttl: 0 })).toEqual(OK)
  const since: unknown = expect.any(Number)
  expect(ann.take()).toEqual([
    [TYPISTS, group, 1, [{ id: 'robot', name: 'Robot', activity: 'thinking', since }]],
    [TYPISTS, group, 0, []],
  ])
})

test('a bot is subscribed once for all its listeners, until the last one leaves', () => {
  const { bot, online, listener } = start()
  const before = online.stats().subscriptions
  const count = () => online.stats().subscriptions - before
  const [leave, leaveToo] = [bot.subscribe(group, listener), bot.subscribe(group, { ...listener })]
  expect(count()).toBe(1)
  leave()
  expect(count()).toBe(1)
  leaveToo()
  expect(count()).toBe(0)
})

test('a bot learns why it is not subscribed, with whichever listener can be called', async () => {
  const { bot, got, listener } = start({ authorize: () => false })
  const deaf = { message() {}, typists() {} }
  bot.subscribe(group, listener)
  bot.subscribe(board, deaf)
  bot.subscribe({ group: '' }, listener)()
  bot.subscribe({ group: '' }, deaf)()
  await turn()
  expect(got).toMatchObject([{ code: 'invalid' }, { code: 'forbidden' }])
})

test('a bot is not said to be refused while it is subscribed', async () => {
  const { bot, got, listener } = start()
  bot.subscribe(group, listener)
  await turn()
  expect(got).toEqual([])
})

test('a bot learns of a revocation', async () => {
  const { bot, got, listener, online } = start()
  bot.subscribe(group, listener)
  online.revoke({ user: 'robot' })
  await turn()
  expect(got.at(-1)).toMatchObject({ code: 'forbidden' })
})

test('a bot that is closed subscribes to nothing, and its listeners may leave', () => {
  const authorize = vi.fn(() => true)
  const { bot, listener, online } = start({ authorize })
  const leave = bot.subscribe(group, listener)
  online.close()
  leave()
  authorize.mockClear()
  bot.subscribe(group, listener)
  expect([authorize.mock.calls, online.stats().subscriptions]).toEqual([[], 0])
})

test.each([
  ['is about its identity', [IDENTITY, 1]],
  ['is malformed', [MESSAGE, 1, group]],
  ['is about nothing', ['om:future', 1]],
] as const)('T3: an event that %s means nothing to a bot, which is who it is', (_, args) => {
  const { hub } = createTestHub()
  const add = vi.fn<(device: Device) => void>()
  const bot = createBot({ id: 'robot' }, readOptions({ identify: () => null, authorize: 'anyone' }), { ...hub, add })
  const message = vi.fn()
  bot.transport.subscribe(group, { message, typists: message, refused: message })
  const later = vi.spyOn(globalThis, 'queueMicrotask').mockReturnValue(undefined)
  add.mock.calls[0]![0].deliver({ at: 1, args, replaces: undefined, encoded: () => [] })
  const [receive] = later.mock.calls[0]!
  later.mockRestore()
  expect(receive).not.toThrow()
  expect(message).not.toHaveBeenCalled()
})
