import { afterEach, expect, test, vi } from 'vitest'
import { moveClocks } from '../../support/move-clocks.ts'
import { startNetworkProxy } from '../../support/network-proxy.ts'
import { scriptedNow, startScriptedServer } from '../../support/networks/scripted-server.ts'
import { atEnd, clientsOf, closeAll, names, startServer, type TestClient, until } from '../../support/server/harness.ts'
import { sleep } from '../../support/until.ts'

afterEach(async () => {
  vi.restoreAllMocks()
  await closeAll()
})

const group = { group: 'team' }

/** A server, and a network to it that the test delays. */
async function startSlowNetwork() {
  const server = await startServer()
  const proxy = await startNetworkProxy(server.port)
  atEnd(() => proxy.close())
  const hellos: number[] = []
  server.io.on('connection', (socket) => {
    socket.onAny((event) => {
      if (event === 'om:hello') hellos.push(scriptedNow())
    })
  })
  return { server, proxy, far: clientsOf(proxy.url), hellos }
}

/** All that the screen shows of a client. */
function watchScreen({ client }: TestClient) {
  const changes: unknown[] = []
  client.connection.subscribe((state) => changes.push(state))
  client.typists(group).subscribe((state) => changes.push(names(state)))
  return changes
}

test('K1, G1: the way down takes 4.4 s while the hello is answered: never online with a wrong clock, then online soon', async () => {
  const { server, proxy, far, hellos } = await startSlowNetwork()
  const bob = far.begin('bob')
  const received: unknown[] = []
  bob.client.subscribe(group, 'note', ({ data }) => received.push(data))
  const states: { readonly state: string; readonly at: number }[] = []
  bob.client.connection.subscribe((state) => states.push({ state, at: scriptedNow() }))
  bob.socket.on('connect', () => proxy.delay('down', 4400))
  await until(() => hellos.length === 1)
  await sleep(100)
  proxy.delay('down', 0)
  expect(bob.client.connection.getState()).toBe('connecting')
  await until(() => bob.client.connection.getState() === 'online')
  // The answer to the first hello came late, and a second one was answered at once.
  expect(states.map(({ state }) => state)).toEqual(['online'])
  expect(hellos).toHaveLength(2)
  expect(states[0]!.at - hellos[0]!).toBeGreaterThan(4300)
  expect(states[0]!.at - hellos[1]!).toBeLessThan(500)

  const cy = await server.connect('cy')
  const heard = await cy.hear(group)
  expect(await bob.client.send(group, 'note', 'now')).toEqual({ ok: true })
  const typists = await cy.watch(group)
  bob.client.typing(group).keystroke()
  await until(() => names(typists.at(-1))?.[0] === 'bob')
  expect(heard.map(({ data }) => data)).toEqual(['now'])

  // A message that took 3.6 s on its way.
  for (const socket of server.io.sockets.sockets.values()) {
    socket.emit('om:message', scriptedNow() - 3600, group, 'note', '"late"', { id: 'cy' })
    socket.emit('om:message', scriptedNow(), group, 'note', '"fresh"', { id: 'cy' })
  }
  await until(() => received.length)
  expect(received).toEqual(['fresh'])
}, 20_000)

test('K2: 50 messages that are nearly too old, to a reader 60 ms away: no hello, and nothing on the screen moves', async () => {
  const { server, proxy, far, hellos } = await startSlowNetwork()
  proxy.delay('down', 30)
  proxy.delay('up', 30)
  const bob = await far.connect('bob')
  const received = await bob.hear(group)
  const screen = watchScreen(bob)
  const cy = await server.connect('cy')
  const typing = cy.client.typing(group)
  typing.startActivity('recording')
  await until(() => screen.length)
  const before = hellos.length

  const ann = await server.raw('ann')
  await ann.emitWithAck('om:hello', 1)
  for (let number = 0; number < 50; number++) {
    // The server takes it, and the reader finds it expired one hop later.
    const stamp = scriptedNow() - 1970
    const answer: unknown = await ann.emitWithAck('om:send', stamp, 'note', String(number), group, 'normal')
    expect(answer).toEqual({ ok: true })
    await sleep(20)
  }
  expect(await cy.client.send(group, 'note', 'last')).toEqual({ ok: true })
  await until(() => received.length)
  expect(received.map(({ data }) => data)).toEqual(['last'])
  expect(screen).toEqual([['cy']])
  // Ann's own hello.
  expect(hellos.length).toBe(before + 1)
})

test('K3: a sender whose messages are refused for their age says hello once, and stays online', async () => {
  const refusal = { ok: false, code: 'timeout', message: 'too old' }
  const server = await startScriptedServer({ answerTo: () => refusal })
  const ann = await server.connect('ann')
  const states: string[] = []
  ann.client.connection.subscribe((state) => states.push(state))
  const hellos = () => server.received('om:hello').length
  const sendTen = async () => {
    const results = await Promise.all(Array.from({ length: 10 }, (_, n) => ann.client.send(group, 'note', n)))
    expect(results).toEqual(results.map(() => refusal))
    await ann.settled()
  }
  await sendTen()
  // The first hello was a moment ago.
  expect(hellos()).toBe(1)
  moveClocks(6000)
  await until(() => hellos() === 2)
  await sendTen()
  expect(hellos()).toBe(2)
  moveClocks(12_000)
  await until(() => hellos() === 3)
  expect(states).toEqual([])
})

test('K3: a typing lease that is refused for its age makes its typist say hello as well', async () => {
  const server = await startScriptedServer({ answerTo: () => ({ ok: false, code: 'timeout', message: 'too old' }) })
  const ann = await server.connect('ann')
  moveClocks(6000)
  ann.client.typing(group).startActivity('recording')
  await until(() => server.received('om:hello').length === 2)
  expect(ann.client.connection.getState()).toBe('online')
})
