import { afterEach, expect, test, vi } from 'vitest'
import { createOnlineMessageClient } from '../../../src/core/index.ts'
import { createSocketTransport } from '../../../src/transports/socket-io/index.ts'
import { fakePage } from '../../support/fake-page.ts'
import { countListeners } from '../../support/networks/count-listeners.ts'
import { startScriptedServer } from '../../support/networks/scripted-server.ts'
import { closeAll, roundTrip, startServer, type TestServer, until } from '../../support/server/harness.ts'

afterEach(async () => {
  vi.unstubAllGlobals()
  await closeAll()
})

const group = { group: 'team' }
const toAnn = { user: 'ann' }

/** Two clients on one socket of bob's: those of two widgets on one page, for example. */
async function startShared(server: TestServer) {
  const socket = await server.raw('bob')
  const bare = countListeners(socket)
  const create = () => {
    const client = createOnlineMessageClient({ transport: createSocketTransport(socket) })
    const received: unknown[] = []
    const shown: string[] = []
    return {
      client,
      received,
      shown,
      hear: () => client.subscribe(group, 'note', ({ data }) => received.push(data)),
      watch: () =>
        client.typists(group).subscribe(({ typists }) => {
          shown.push(typists.map(({ id, activity }) => `${id} ${activity}`).join())
        }),
    }
  }
  return { socket, bare, one: create(), other: create(), settled: () => roundTrip(socket) }
}

/** Ann, who sees what bob does in the conversation with her. */
async function startAnn(server: TestServer) {
  const ann = await server.connect('ann')
  const states = await ann.watch({ user: 'bob' })
  const shown = () => states.map(({ typists }) => typists.map(({ activity }) => activity).join())
  return { ann, shown }
}

test('T8: one client unsubscribes: the other one still receives, and shows who types until they stop', async () => {
  const server = await startServer()
  const { one, other, settled } = await startShared(server)
  const leaveOne = [one.hear(), one.watch()]
  other.hear()
  other.watch()
  await until(() => other.client.connection.getState() === 'online')
  await settled()
  const ann = await server.connect('ann')
  const endRecording = ann.client.typing(group).startActivity('recording')
  await until(() => other.shown.at(-1) === 'ann recording')
  expect(one.shown).toEqual(['ann recording'])

  for (const leave of leaveOne) leave()
  await settled()
  expect(server.online.stats().subscriptions).toBe(1)
  expect(await ann.client.send(group, 'note', 1)).toEqual({ ok: true })
  endRecording()
  await until(() => other.shown.at(-1) === '')
  expect([one.received, other.received]).toEqual([[], [1]])
  expect(other.shown).toEqual(['ann recording', ''])
})

test('T8: one client stops: the activity of the other one goes on, and is shown without a gap', async () => {
  const server = await startServer()
  const { one, other, settled } = await startShared(server)
  const { shown } = await startAnn(server)
  one.client.connection.subscribe(() => {})
  await until(() => one.client.connection.getState() === 'online')
  const [typing, recorder] = [one.client.typing(toAnn), other.client.typing(toAnn)]
  recorder.startActivity('recording')
  await until(() => shown().at(-1) === 'recording')
  typing.keystroke()
  await until(() => shown().at(-1) === 'typing')
  typing.stop()
  await until(() => shown().at(-1) === 'recording')
  // The older one of the two stops: nothing changes on the screen.
  typing.keystroke()
  await until(() => shown().at(-1) === 'typing')
  recorder.stop()
  await settled()
  expect(server.online.stats().leases).toBe(1)
  typing.stop()
  await until(() => shown().at(-1) === '')
  expect(shown()).toEqual(['recording', 'typing', 'recording', 'typing', ''])
})

test('T8: two clients renew by turns: what is shown does not change', async () => {
  const server = await startScriptedServer()
  const socket = await server.raw('bob')
  const [one, other] = [createSocketTransport(socket), createSocketTransport(socket)]
  const lease = (ttl: number, activity: string) => ({
    conversation: toAnn,
    command: 'textInput',
    data: { ttl, activity, since: 1 },
  })
  one.connection.subscribe(() => {})
  await until(() => one.connection.getState() === 'online')
  for (let time = 0; time < 3; time++) {
    void one.send(lease(7000, 'typing'), { confirm: false })
    void other.send(lease(7000, 'recording'), { confirm: false })
  }
  // A vanished client's lease does not cut the other one's short.
  void other.send(lease(0, 'recording'), { confirm: false })
  void one.send(lease(0, 'typing'), { confirm: false })
  await roundTrip(socket)
  const written = server.received('om:lease').map(([, , ttl, activity]) => [(ttl as number) > 6000, activity])
  expect(written).toEqual([
    [true, 'typing'],
    ...Array.from({ length: 5 }, () => [true, 'recording']),
    [true, 'typing'],
    [false, 'typing'],
  ])
})

test('T8: two clients that are in use, and one closes: the other still is the active device, and receives', async () => {
  const page = fakePage()
  const server = await startServer({ plugin: { deliverTo: 'active-device' } })
  const { socket, one, other, settled } = await startShared(server)
  const elsewhere = await server.connect('bob')
  const toBob = { user: 'bob' }
  const [received, receivedElsewhere] = [[] as unknown[], await elsewhere.hear(toAnn)]
  const leave = [one.client.subscribe(toAnn, 'note', () => {}), one.client.connection.subscribe(() => {})]
  other.client.subscribe(toAnn, 'note', ({ data }) => received.push(data))
  await until(() => other.client.connection.getState() === 'online')
  const active: unknown[] = []
  server.io.sockets.sockets.get(socket.id!)!.onAny((event) => {
    if (event === 'om:active') active.push(event)
  })
  page.focus()
  await settled()
  // One packet, however many clients there are.
  expect(active).toHaveLength(1)
  for (const end of leave) end()
  page.focus()
  await settled()
  expect(active).toHaveLength(2)
  const ann = await server.connect('ann')
  expect(await ann.client.send(toBob, 'note', 1)).toEqual({ ok: true })
  await until(() => received.length)
  expect([received, receivedElsewhere]).toEqual([[1], []])
})

test('T8, T5: one hello and one set of listeners for all of them, and none after the last', async () => {
  const server = await startScriptedServer()
  const { socket, bare, one, other, settled } = await startShared(server)
  const leave = [one.hear()]
  const afterFirst = countListeners(socket)
  leave.push(other.hear(), other.watch(), one.watch())
  expect(countListeners(socket)).toEqual(afterFirst)
  await until(() => one.client.connection.getState() === 'online')
  expect(other.client.connection.getState()).toBe('online')
  await settled()
  expect(server.received('om:hello')).toHaveLength(1)
  for (const end of leave) end()
  expect(countListeners(socket)).toEqual(bare)
})

test('T8, T9: both are notified of the same states', async () => {
  const server = await startServer()
  const { socket, one, other } = await startShared(server)
  const seen: string[][] = [one, other].map(({ client }) => {
    const states: string[] = []
    client.connection.subscribe((state) => states.push(state))
    return states
  })
  await until(() => one.client.connection.getState() === 'online')
  socket.disconnect()
  socket.connect()
  await until(() => one.client.connection.getState() === 'online')
  expect(seen[0]).toEqual(['online', 'offline', 'connecting', 'online'])
  expect(seen[1]).toEqual(seen[0])
})
