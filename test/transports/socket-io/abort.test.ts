import { afterEach, expect, test } from 'vitest'
import { createSocketTransport } from '../../../src/transports/socket-io/index.ts'
import { countListeners } from '../../support/networks/count-listeners.ts'
import { startScriptedServer } from '../../support/networks/scripted-server.ts'
import { closeAll, roundTrip, startServer, until } from '../../support/server/harness.ts'

afterEach(closeAll)

const message = { conversation: { group: 'team' }, command: 'note', data: 1 }

/** A server whose hello waits, a transport on a socket that is connected to it, and how to answer the hello. */
async function startSlowHello() {
  let welcomeNow = () => {}
  const server = await startScriptedServer({ onHello: (answer, welcome) => (welcomeNow = () => answer(welcome())) })
  const socket = await server.raw('ann')
  const bareListeners = countListeners(socket)
  const transport = createSocketTransport(socket)
  const settled = () => roundTrip(socket)
  return { server, socket, bareListeners, transport, settled, welcomeNow: () => welcomeNow() }
}

test('aborted before the call: aborted, and nothing is written', async () => {
  const { server, socket, bareListeners, transport, settled } = await startSlowHello()
  const result = await transport.send(message, { signal: AbortSignal.abort() })
  expect(result).toMatchObject({ ok: false, code: 'aborted' })
  await settled()
  expect(server.events).toEqual([])
  expect(countListeners(socket)).toEqual(bareListeners)
})

test('aborted while the message waits for the hello: aborted at once, and it is never written', async () => {
  const { server, transport, settled, welcomeNow } = await startSlowHello()
  const controller = new AbortController()
  const before = transport.send({ ...message, data: 'before' })
  const aborted = transport.send({ ...message, data: 'aborted' }, { signal: controller.signal })
  const after = transport.send({ ...message, data: 'after' })
  await until(() => server.received('om:hello').length === 1)
  controller.abort()
  // At once: the hello is still not answered.
  expect(await aborted).toEqual({
    ok: false,
    code: 'aborted',
    message: expect.stringMatching(/^The signal was aborted before the message was sent\./) as string,
  })
  welcomeNow()
  expect(await Promise.all([before, after])).toEqual([{ ok: true }, { ok: true }])
  await settled()
  expect(server.received('om:send').map(([, , , data]) => data)).toEqual(['"before"', '"after"'])
})

test('aborted while it is the only use of the transport: nothing is left on the socket', async () => {
  const { server, socket, bareListeners, transport, settled, welcomeNow } = await startSlowHello()
  const controller = new AbortController()
  const result = transport.send(message, { signal: controller.signal })
  await until(() => server.received('om:hello').length === 1)
  controller.abort()
  expect(await result).toMatchObject({ code: 'aborted' })
  expect(countListeners(socket)).toEqual(bareListeners)
  welcomeNow()
  await settled()
  expect(server.events).toEqual([['om:hello', 1]])
})

test('aborted after the message was written: the result is as ever', async () => {
  let allow = () => {}
  const server = await startServer({
    plugin: { authorize: () => new Promise((resolve) => (allow = () => resolve(true))) },
  })
  const ann = await server.connect('ann')
  const controller = new AbortController()
  const result = ann.transport.send(message, { signal: controller.signal })
  await ann.settled()
  controller.abort()
  allow()
  expect(await result).toEqual({ ok: true })
})

test('aborted after it waited for the hello and was written: the result is as ever', async () => {
  const { server, transport, welcomeNow } = await startSlowHello()
  const controller = new AbortController()
  const result = transport.send(message, { signal: controller.signal })
  await until(() => server.received('om:hello').length === 1)
  welcomeNow()
  await until(() => server.received('om:send').length === 1)
  controller.abort()
  expect(await result).toEqual({ ok: true })
})
