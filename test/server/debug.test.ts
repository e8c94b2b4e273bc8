import { format } from 'node:util'
import createDebug from 'debug'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LEASE, SEND, SUBSCRIBE } from '../../src/core/transport/wire.ts'
import { closeAll, startServer, type TestServerOptions, until } from '../support/server/harness.ts'

const group = { group: 'team' }
const board = { group: 'board' }

/** In the data of every message here. */
const SECRET = 'the content of a message'

const { log } = createDebug
let lines: string[] = []

beforeEach(() => {
  lines = []
  createDebug.log = (...args: unknown[]) => {
    lines.push(format(...args))
  }
  createDebug.enable('react-online-message:*')
})
afterEach(async () => {
  await closeAll()
  createDebug.disable()
  createDebug.log = log
})

async function start(plugin: TestServerOptions['plugin']) {
  const server = await startServer({ plugin })
  const ann = await server.raw('ann')
  const send = (conversation: unknown, at = Date.now(), data: unknown = JSON.stringify(SECRET)) =>
    ann.emitWithAck(SEND, at, 'note', data, conversation)
  return { server, ann, send }
}

/** The lines with all of these in them. */
const lineWith = (...parts: readonly string[]) => lines.filter((line) => parts.every((part) => line.includes(part)))

const where = (conversation: object) => JSON.stringify(conversation)

test('what is refused is logged: what, for whom, where and why, and never its content', async () => {
  const { ann, send } = await start({ authorize: ({ conversation }) => conversation.group !== 'board' })
  expect(await send(board)).toMatchObject({ code: 'forbidden' })
  expect(lineWith('delivery', 'message refused', 'forbidden', 'user "ann"', where(board))).toHaveLength(1)
  expect(await ann.emitWithAck(LEASE, Date.now(), 7000, 'typing', board)).toMatchObject({ code: 'forbidden' })
  expect(lineWith('typing', 'lease refused', 'forbidden', 'user "ann"', where(board))).toHaveLength(1)
  ann.emit(SUBSCRIBE, [board])
  await until(() => lineWith('delivery', 'subscription refused', 'forbidden', 'user "ann"', where(board)).length === 1)
  expect(await send({ user: '' })).toMatchObject({ code: 'invalid' })
  expect(lineWith('connections', 'packet refused', 'invalid', 'user "ann"')).toHaveLength(1)
  expect(await send(group, Date.now(), SECRET.repeat(1000))).toMatchObject({ code: 'too-large' })
  expect(lineWith('connections', 'packet refused', 'too-large', 'user "ann"')).toHaveLength(1)
  expect(lines.join('\n')).not.toContain(SECRET)
})

test('G1: what has expired is logged, and what nobody was there to receive', async () => {
  const { send } = await start({})
  expect(await send(group, Date.now() - 2500)).toMatchObject({ code: 'timeout' })
  expect(lineWith('delivery', 'message refused', 'expired', 'user "ann"', where(group))).toHaveLength(1)
  expect(await send(group)).toEqual({ ok: true })
  expect(lineWith('delivery', 'message dropped', 'offline', 'user "ann"', where(group))).toHaveLength(1)
  expect(lines.join('\n')).not.toContain(SECRET)
})

test('S5: a lease that expires is logged', async () => {
  const { ann } = await start({})
  ann.emit(LEASE, Date.now(), 50, 'typing', group)
  await until(() => lineWith('typing', 'lease ended', 'expired', 'user "ann"', where(group)).length === 1)
})

test('a revoked subscription is logged, and a connection without a user is called that', async () => {
  const { server, ann } = await start({})
  ann.emit(SUBSCRIBE, [group])
  await until(() => server.online.stats().subscriptions === 1)
  server.online.revoke({ user: 'ann' })
  expect(lineWith('delivery', 'subscription ended', 'forbidden', 'user "ann"', where(group))).toHaveLength(1)

  const stranger = await server.raw('', { auth: { user: null } })
  const refusal: unknown = await stranger.emitWithAck(SEND, Date.now(), 'note', JSON.stringify(SECRET), group)
  expect(refusal).toMatchObject({ code: 'forbidden' })
  expect(lineWith('connections', 'packet refused', 'forbidden', 'without a user', where(group))).toHaveLength(1)
  expect(lines.join('\n')).not.toContain(SECRET)
})
