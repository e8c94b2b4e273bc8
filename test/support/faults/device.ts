import { io, type ManagerOptions, type SocketOptions } from 'socket.io-client'
import { createOnlineMessageClient } from '../../../src/core/index.ts'
import { createSocketTransport } from '../../../src/transports/socket-io/index.ts'
import { tick } from './clock.ts'
import type { DeviceEvent, DeviceSetup, FaultDevice, Outcome, Payload } from './words.ts'

/** Opens one device of one user, which sends and hears in one of the three ways. */
export function openDevice(setup: DeviceSetup, tell: (event: DeviceEvent) => void): FaultDevice {
  const { url, user, way, carrier, namespace = '/', hears, retries = false, slow = false } = setup
  const options: Partial<ManagerOptions & SocketOptions> = {
    auth: { user, slow },
    transports: carrier === 'upgrade' ? ['polling', 'websocket'] : [carrier],
    reconnectionDelay: 50,
    reconnectionDelayMax: 100,
    timeout: 1000,
    ...(retries && { retries: 3, ackTimeout: 300 }),
  }
  // The first one makes the manager that the second one shares.
  const first = io(url, { ...options, forceNew: true })
  const socket = namespace === '/' ? first : first.io.socket(namespace, { auth: options.auth! })
  if (socket !== first) socket.connect()

  const transport = createSocketTransport(socket)
  const client = createOnlineMessageClient({ transport, onError: () => {} })
  const isOurs = way === 'ours'
  const hear = (payload: Payload) => tell({ kind: 'message', payload, at: tick() })
  let refusals = 0
  socket.on('connect_error', () => refusals++)
  socket.on('app', (n: number) => tell({ kind: 'app', n, at: tick() }))

  if (isOurs) {
    client.connection.subscribe(() => {})
    for (const conversation of hears) {
      client.subscribe(conversation, 'fault', ({ data }) => hear(data as Payload))
      client
        .typists(conversation)
        .subscribe(({ typists }) => tell({ kind: 'typists', ids: typists.map(({ id }) => id), at: tick() }))
    }
  } else {
    const from = new Set(hears.map((conversation) => conversation.user))
    const groups = hears.flatMap(({ group }) => (group === undefined ? [] : [group]))
    socket.on('plain', (sender: string, payload: Payload) => {
      if (from.has(sender) || groups.length) hear(payload)
    })
    if (groups.length) {
      socket.on('connect', () => {
        // Below the queues of the socket, which a run may fill.
        if (!socket.recovered) socket.volatile.emit('join', groups)
      })
    }
  }

  const typing = new Map<string, () => void>()

  const send: FaultDevice['send'] = (to, payloads) =>
    Promise.all(
      payloads.map(async (payload): Promise<Outcome> => {
        const at = tick()
        const stamped = { ...payload, at }
        if (isOurs) {
          const result = await client.send(to, 'fault', stamped)
          return {
            code: result.ok ? 'ok' : result.code,
            took: tick() - at,
            recipients: result.ok ? result.recipients : undefined,
          }
        }
        ;(way === 'volatile' ? socket.volatile : socket).emit('plain', way, to, stamped)
        return { code: 'untold', took: 0 }
      }),
    )

  return {
    send,
    sendBesideApp(to, payloads, before, after) {
      socket.emit('app', to.user, before)
      const sent = send(to, payloads)
      socket.emit('app', to.user, after)
      return sent
    },
    sleepThenSend(milliseconds, isSteady, to, payloads) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
      if (!isSteady) {
        const now = performance.now.bind(performance)
        performance.now = () => now() - milliseconds
      }
      return send(to, payloads)
    },
    async setClock(by) {
      const now = Date.now
      Date.now = () => now() + by
    },
    async throttle(milliseconds) {
      const set = globalThis.setTimeout
      const throttled = (call: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
        const due = Math.ceil((performance.now() + ms) / milliseconds) * milliseconds
        return set(call, due - performance.now(), ...args)
      }
      // Of a delay of 0 are the events of the XMLHttpRequest that stands in for a browser's, whose events are no timers.
      globalThis.setTimeout = ((call: () => void, ms = 0, ...args: unknown[]) =>
        (ms ? throttled : set)(call, ms, ...args)) as typeof setTimeout
      // The manager and its engine have bound the one that they found.
      for (const holder of [socket.io, socket.io.engine, socket.io.engine.transport]) {
        Object.assign(holder, { setTimeoutFn: throttled })
      }
    },
    async type(to, isTyping) {
      const key = JSON.stringify(to)
      typing.get(key)?.()
      typing.delete(key)
      if (isTyping && isOurs) typing.set(key, client.typing(to).startActivity('typing'))
    },
    state: async () => ({
      connected: socket.connected,
      online: isOurs ? client.connection.getState() === 'online' : socket.connected,
      recovered: socket.recovered,
      refusals,
      transport: socket.io.engine.transport.name,
    }),
    async connect() {
      socket.connect()
    },
    async disconnect() {
      socket.disconnect()
    },
    async drop() {
      socket.io.engine.close()
    },
    async stored(word, below) {
      const { sendBuffer, receiveBuffer } = socket
      const { _queue: queue } = socket as unknown as { _queue: unknown }
      const engine = below ? (socket.io.engine.writeBuffer as unknown) : undefined
      return JSON.stringify([sendBuffer, receiveBuffer, queue, engine]).split(word).length - 1
    },
    async close() {
      first.io.engine.close()
      socket.disconnect()
      first.disconnect()
    },
  }
}
