import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createSocketTransport } from '../../../src/transports/socket-io/index.ts'
import { type FakePage, fakePage } from '../../support/fake-page.ts'
import { moveClocks } from '../../support/move-clocks.ts'
import { scriptedNow, type ScriptedServer, startScriptedServer } from '../../support/networks/scripted-server.ts'
import { closeAll, names, roundTrip, until } from '../../support/server/harness.ts'

let page: FakePage
beforeEach(() => {
  page = fakePage()
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  await closeAll()
})

const group = { group: 'team' }
const message = { conversation: group, command: 'note', data: 1 }
const stranger = { ok: false, code: 'forbidden', message: 'Nobody knows you: sign in.' }

const changeIdentity = (server: ScriptedServer) => server.io.emit('om:identity', scriptedNow())

describe('I1: a connection that nobody knows at first', () => {
  /** A server that knows nobody before `login()`, and a transport that has been refused. */
  async function startUnknown(io = {}) {
    let isKnown = false
    const server = await startScriptedServer({
      onHello: (answer, welcome) => answer(isKnown ? welcome() : stranger),
      io,
    })
    const socket = await server.raw('ann')
    const transport = createSocketTransport(socket)
    const states: string[] = []
    transport.connection.subscribe((state) => states.push(state))
    const refused = vi.fn()
    transport.subscribe(group, { message() {}, typists() {}, refused })
    await until(() => refused.mock.calls.length)
    const login = () => {
      isKnown = true
    }
    const hellos = () => server.received('om:hello').length
    return { server, socket, transport, states, refused, login, hellos, settled: () => roundTrip(socket) }
  }

  test('says hello again when the page gets the focus, at most once a second', async () => {
    const { server, states, login, hellos, settled } = await startUnknown()
    login()
    for (let count = 0; count < 10; count++) page.focus()
    await settled()
    expect(hellos()).toBe(1)
    moveClocks(1000)
    for (let count = 0; count < 10; count++) page.focus()
    await until(() => states.at(-1) === 'online')
    await settled()
    expect(hellos()).toBe(2)
    // Subscribed by itself.
    expect(server.received('om:subscribe')).toEqual([['om:subscribe', [group]]])
  })

  test('says hello again with the ping of the server', async () => {
    const { states, login, hellos } = await startUnknown({ pingInterval: 400 })
    login()
    await until(() => states.at(-1) === 'online')
    expect(hellos()).toBe(2)
  })

  test('says hello again when the server says that it has a user now', async () => {
    const { server, states, login } = await startUnknown()
    login()
    changeIdentity(server)
    await until(() => states.at(-1) === 'online')
  })

  test('its subscribers are notified once, however often it is refused', async () => {
    const { refused, hellos, settled } = await startUnknown()
    for (let second = 1; second <= 3; second++) {
      moveClocks(second * 1000)
      page.focus()
      await settled()
    }
    expect([hellos(), refused.mock.calls.length]).toEqual([4, 1])
  })
})

describe('I1: the user of a connection changes', () => {
  async function startKnown() {
    const answers: (() => void)[] = []
    const outcome: { current: unknown } = { current: undefined }
    const server = await startScriptedServer({
      onHello(answer, welcome) {
        if (answers.length === 0) answer(welcome())
        answers.push(() => answer(outcome.current ?? welcome()))
      },
    })
    const bob = await server.connect('bob')
    const states: string[] = []
    bob.client.connection.subscribe((state) => states.push(state))
    const typists = await bob.watch(group)
    server.io.emit('om:typists', scriptedNow(), group, 1, [{ id: 'ann', since: scriptedNow() }])
    await until(() => names(typists.at(-1))?.[0] === 'ann')
    const answerHello = async (number: number) => {
      await until(() => answers.length === number)
      answers[number - 1]!()
    }
    return { server, bob, states, typists, outcome, answerHello }
  }

  test('S9, R5: it is offline until its next hello is answered, and forgets who types; then it subscribes again', async () => {
    const { server, bob, states, typists, answerHello } = await startKnown()
    changeIdentity(server)
    await until(() => states.length)
    expect([states, bob.client.connection.getState()]).toEqual([['offline'], 'offline'])
    expect(names(typists.at(-1))).toEqual([])
    await answerHello(2)
    await until(() => states.length === 2)
    expect(states).toEqual(['offline', 'online'])
    await bob.settled()
    expect(server.received('om:subscribe').at(-1)).toEqual(['om:subscribe', [group]])
  })

  test('T6: what is sent meanwhile waits for the hello, and is written in order', async () => {
    const { server, bob, answerHello } = await startKnown()
    changeIdentity(server)
    await until(() => server.received('om:hello').length === 2)
    const results = [1, 2, 3].map((data) => bob.transport.send({ ...message, data }))
    await bob.settled()
    expect(server.received('om:send')).toEqual([])
    await answerHello(2)
    expect(await Promise.all(results)).toEqual([{ ok: true }, { ok: true }, { ok: true }])
    expect(server.received('om:send').map(([, , , data]) => data)).toEqual(['1', '2', '3'])
  })

  test('a logout: it stays offline, its subscriptions are refused, and the next login is noticed', async () => {
    const { server, bob, states, outcome, answerHello } = await startKnown()
    outcome.current = stranger
    changeIdentity(server)
    await answerHello(2)
    await until(() => bob.errors.length)
    expect(bob.errors[0]).toMatchObject({ code: 'forbidden', conversation: group })
    expect([states, bob.client.connection.getState()]).toEqual([['offline'], 'offline'])
    outcome.current = undefined
    changeIdentity(server)
    await answerHello(3)
    await until(() => states.at(-1) === 'online')
    expect(states).toEqual(['offline', 'online'])
  })

  test('however old that event is: it is obeyed', async () => {
    const { server, states, answerHello } = await startKnown()
    server.io.emit('om:identity', scriptedNow() - 60_000)
    await answerHello(2)
    await until(() => states.at(-1) === 'online')
    expect(states).toEqual(['offline', 'online'])
  })

  test('S9: whoever typed is not shown typing afterwards, without another key', async () => {
    const { server, bob, states, answerHello } = await startKnown()
    const typing = bob.client.typing(group)
    typing.startActivity('recording')
    await until(() => server.received('om:lease').length === 1)
    changeIdentity(server)
    await answerHello(2)
    await until(() => states.at(-1) === 'online')
    await bob.settled()
    expect(server.received('om:lease').filter(([, , ttl]) => (ttl as number) > 0)).toHaveLength(1)
    typing.startActivity('photo')
    await until(() => server.received('om:lease').at(-1)?.[3] === 'photo')
  })

  test('S9: a lease of the user before is not written for the one after', async () => {
    const { server, bob, answerHello } = await startKnown()
    const other = createSocketTransport(bob.socket)
    const lease = (ttl: number) => ({
      ...message,
      command: 'textInput',
      data: { ttl, activity: 'recording', since: 1 },
    })
    await bob.transport.send(lease(7000), { confirm: false })
    changeIdentity(server)
    await until(() => server.received('om:hello').length === 2)
    void other.send(lease(0), { confirm: false })
    await answerHello(2)
    await bob.settled()
    await until(() => server.received('om:lease').length === 2)
    expect(server.received('om:lease').map(([, , ttl]) => ttl)).toEqual([7000, 0])
  })
})
