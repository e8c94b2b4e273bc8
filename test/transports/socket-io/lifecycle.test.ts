import { afterEach, describe, expect, test, vi } from 'vitest'
import { createOnlineMessageClient } from '../../../src/core/index.ts'
import { createSocketTransport } from '../../../src/transports/socket-io/index.ts'
import { countListeners } from '../../support/networks/count-listeners.ts'
import { closeAll, startServer, type TestServer, until } from '../../support/server/harness.ts'

afterEach(closeAll)

const group = { group: 'team' }
const message = { conversation: group, command: 'note', data: 1 }

const bareSocket = async (server: TestServer, user = 'ann') => {
  const socket = await server.raw(user)
  return { socket, bare: countListeners(socket) }
}

describe('T5: no listener on the socket before the first use, and none after the last', () => {
  test('for a transport and a client that are only created', async () => {
    const server = await startServer()
    const { socket, bare } = await bareSocket(server)
    const client = createOnlineMessageClient({ transport: createSocketTransport(socket) })
    expect(client.connection.getState()).toBe('connecting')
    client.typists(group).getState()
    client.typing(group).stop()
    expect(countListeners(socket)).toEqual(bare)
    await socket.emitWithAck('test:ping')
    expect(server.online.stats().subscriptions).toBe(0)
  })

  test('for a send, one without confirmation, and typing', async () => {
    const server = await startServer()
    const { socket, bare } = await bareSocket(server)
    const client = createOnlineMessageClient({ transport: createSocketTransport(socket) })
    const result = client.send(group, 'note', 1)
    expect(countListeners(socket)).not.toEqual(bare)
    expect(await result).toEqual({ ok: true })
    expect(countListeners(socket)).toEqual(bare)
    expect(await client.send(group, 'note', 1n)).toMatchObject({ ok: false })
    await createSocketTransport(socket).send(message, { confirm: false })
    expect(countListeners(socket)).toEqual(bare)
    const unsubscribe = client.connection.subscribe(() => {})
    await until(() => client.connection.getState() === 'online')
    const typing = client.typing(group)
    typing.keystroke()
    await until(() => server.online.stats().leases === 1)
    typing.stop()
    unsubscribe()
    expect(countListeners(socket)).toEqual(bare)
    await until(() => server.online.stats().leases === 0)
  })

  test('for subscriptions that begin and end in any order, twice as in StrictMode, and without a warning', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    const server = await startServer()
    const { socket, bare } = await bareSocket(server)
    const transport = createSocketTransport(socket)
    const client = createOnlineMessageClient({ transport })
    for (let mount = 0; mount < 3; mount++) {
      const unsubscribes = [
        client.subscribe(group, 'note', () => {}),
        client.typists(group).subscribe(() => {}),
        client.connection.subscribe(() => {}),
        client.subscribe(group, 'note', () => {}),
      ]
      const inUse = countListeners(socket)
      expect(inUse).not.toEqual(bare)
      // However many use it, it adds its listeners once.
      expect(Math.max(...inUse.map(([, count]) => count))).toBeLessThanOrEqual(2)
      if (mount)
        await until(() => client.connection.getState() === 'online' && server.online.stats().subscriptions === 1)
      for (const unsubscribe of mount === 1 ? unsubscribes.reverse() : unsubscribes) {
        unsubscribe()
        unsubscribe()
      }
      expect(countListeners(socket)).toEqual(bare)
    }
    await until(() => server.online.stats().subscriptions === 0)
    expect(client.typists(group).getState()).toEqual({ typists: [], total: 0 })
    expect(socket.connected).toBe(true)
    expect(warn.mock.calls).toEqual([])
    warn.mockRestore()
  })

  test('a send right after a use that ended before the hello was answered succeeds', async () => {
    const server = await startServer()
    const { socket } = await bareSocket(server)
    const client = createOnlineMessageClient({ transport: createSocketTransport(socket) })
    client.connection.subscribe(() => {})()
    expect(await client.send(group, 'note', 1)).toEqual({ ok: true })
  })

  test('a subscription that ends and begins again in one tick goes on receiving', async () => {
    const server = await startServer()
    const bob = await server.connect('bob')
    const ann = await server.connect('ann')
    const received: unknown[] = []
    const subscribe = () => bob.client.subscribe(group, 'note', ({ data }) => received.push(data))
    let unsubscribe = subscribe()
    for (let n = 0; n < 5; n++) {
      unsubscribe()
      unsubscribe = subscribe()
    }
    await bob.settled()
    await ann.client.send(group, 'note', 1)
    await bob.settled()
    expect(received).toEqual([1])
  })
})
