import { afterEach, describe, expect, test } from 'vitest'
import { invalidCommand, invalidConversation } from '../../../src/core/message/validation-failures.ts'
import { createSocketTransport } from '../../../src/transports/socket-io/index.ts'
import { startScriptedServer } from '../../support/networks/scripted-server.ts'
import { CARRIERS, closeAll, roundTrip, startServer } from '../../support/server/harness.ts'

afterEach(closeAll)

const group = { group: 'team' }
const message = { conversation: group, command: 'note', data: 1 }

describe.each(CARRIERS)('over %s', (carrier) => {
  test('T2: data that cannot be sent is refused, and nothing is written', async () => {
    const server = await startServer({ plugin: { maxBytes: 100 } })
    const ann = await server.connect('ann', { carrier })
    await ann.settled()
    const sent: unknown[] = []
    for (const socket of server.io.sockets.sockets.values()) socket.onAny((event) => sent.push(event))
    const circle: Record<string, unknown> = {}
    circle.self = circle
    const hostile = {
      toJSON() {
        throw Object.create(null) as Error
      },
    }
    for (const data of [10n, { deep: [1n] }, circle, () => {}, Symbol('s'), hostile]) {
      const result = await ann.client.send(group, 'note', data)
      expect(result).toMatchObject({ ok: false, code: 'invalid', message: expect.stringMatching(/JSON/) as string })
    }
    for (const data of ['x'.repeat(99), 'é'.repeat(50), ['x'.repeat(200)], 'x'.repeat(2_000_000)]) {
      const result = await ann.client.send(group, 'note', data)
      const text = expect.stringMatching(/^data has \d+ bytes: send at most 100\.$/) as string
      expect(result).toEqual({ ok: false, code: 'too-large', message: text })
    }
    await ann.settled()
    expect(sent).toEqual(['test:ping'])
    expect(ann.socket.connected).toBe(true)
    expect(await ann.client.send(group, 'note', 'x'.repeat(98))).toEqual({ ok: true })
  })

  test('T2: an invalid command or conversation is refused, with the fix', async () => {
    const server = await startServer()
    const { transport } = await server.connect('ann', { carrier })
    for (const command of ['', 'x'.repeat(129), 7 as unknown as string]) {
      const result = await transport.send({ ...message, command })
      expect(result).toEqual(invalidCommand)
    }
    const invalid = [{}, { user: '' }, { user: 'a', group: 'b' }, { group: 7 }, { user: 'a', thread: '' }, [], 'bob']
    for (const conversation of invalid as (typeof group)[]) {
      const result = await transport.send({ ...message, conversation })
      expect(result).toEqual(invalidConversation)
    }
  })
})

test('T2: what the parser cannot encode is refused, and nothing is written', async () => {
  const server = await startScriptedServer()
  const socket = await server.raw('ann')
  const transport = createSocketTransport(socket)
  const wrong = [{ conversation: { group: 1n } }, { command: 1n }, { priority: 1n }]
  for (const fields of wrong as unknown as Partial<typeof message>[]) {
    expect(await transport.send({ ...message, ...fields })).toMatchObject({ ok: false, code: 'invalid' })
  }
  expect(server.received('om:send')).toEqual([])
})

test.each([[undefined], [null], [7], ['ok'], [{}], [{ ok: 'yes' }], [[]]])(
  'T2: a server that answers %j: the result is a failure all the same',
  async (answer) => {
    const server = await startScriptedServer({ answerTo: () => answer })
    const transport = createSocketTransport(await server.raw('ann'))
    expect(await transport.send(message)).toMatchObject({ ok: false, code: 'invalid' })
  },
)

test('T2: typing without a lease is a release, and does no harm', async () => {
  const server = await startScriptedServer()
  const socket = await server.raw('ann')
  const transport = createSocketTransport(socket)
  expect(await transport.send({ ...message, command: 'textInput', data: undefined })).toEqual({ ok: true })
  await roundTrip(socket)
  const [, , ttl] = server.received('om:lease')[0] ?? []
  expect(ttl).toBe(0)
})

test('a connection that ends before the answer: offline', async () => {
  const server = await startServer({ plugin: { authorize: () => new Promise(() => {}) } })
  const ann = await server.connect('ann')
  const result = ann.client.send(group, 'note', 1)
  await ann.settled()
  ann.socket.disconnect()
  expect(await result).toMatchObject({ ok: false, code: 'offline' })
})

test('a connection that ends before its hello is answered: offline, and nothing is written later', async () => {
  const server = await startScriptedServer({ onHello() {} })
  const socket = await server.raw('ann')
  const results = [1, 2].map((data) => createSocketTransport(socket).send({ ...message, data }))
  socket.disconnect()
  for (const result of results) expect(await result).toMatchObject({ ok: false, code: 'offline' })
  expect(server.received('om:send')).toEqual([])
})

test('T6: messages that wait for the hello are written in order, before all that are sent later', async () => {
  let welcomeNow = () => {}
  const server = await startScriptedServer({ onHello: (answer, welcome) => (welcomeNow = () => answer(welcome())) })
  const socket = await server.raw('ann')
  const transport = createSocketTransport(socket)
  const send = (data: number) => transport.send({ ...message, data })
  // A subscriber that sends as soon as the transport is online: its message comes last.
  transport.connection.subscribe((state) => void (state === 'online' && send(4)))
  const results = [1, 2, 3].map(send)
  await roundTrip(socket)
  expect(server.received('om:send')).toEqual([])
  welcomeNow()
  expect(await Promise.all(results)).toEqual([{ ok: true }, { ok: true }, { ok: true }])
  await roundTrip(socket)
  expect(server.received('om:send').map(([, , , data]) => data)).toEqual(['1', '2', '3', '4'])
})

test('acknowledgements of the app stay its own', async () => {
  const server = await startServer()
  const ann = await server.connect('ann')
  server.io.sockets.sockets.get(ann.socket.id!)!.on('app', (n: number, answer: (n: number) => void) => answer(n * 2))
  const answers = await Promise.all(
    Array.from({ length: 20 }, async (_, n) => {
      const result = ann.client.send(group, 'note', n)
      const doubled = (await ann.socket.emitWithAck('app', n)) as number
      return [(await result).ok, doubled]
    }),
  )
  expect(answers).toEqual(answers.map((_, n) => [true, n * 2]))
})
