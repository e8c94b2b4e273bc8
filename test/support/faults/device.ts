import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client'
import { type Conversation, createOnlineMessageClient } from '../../../src/core/index.ts'
import { createSocketTransport } from '../../../src/transports/socket-io/index.ts'
import { sharedNow } from '../until.ts'
import type { DeviceEvent, DeviceSetup, Outcome, Payload, ScenarioDevice, SocketTransport } from './types.ts'

const socketTransports = (socketTransport: SocketTransport) =>
  socketTransport === 'upgrade' ? ['polling', 'websocket'] : [socketTransport]

/** @returns the device's socket, and the one that made its manager: they differ where a namespace shares it. */
function openSockets(setup: DeviceSetup): { readonly socket: Socket; readonly mainSocket: Socket } {
  const { url, user, socketTransport, namespace = '/', retries = false, heldHandshake = false } = setup
  const auth = { user, held: heldHandshake }
  const options: Partial<ManagerOptions & SocketOptions> = {
    auth,
    transports: socketTransports(socketTransport),
    reconnectionDelay: 50,
    reconnectionDelayMax: 100,
    timeout: 1000,
    forceNew: true,
    ...(retries && { retries: 3, ackTimeout: 300 }),
  }
  const mainSocket = io(url, options)
  if (namespace === '/') return { socket: mainSocket, mainSocket }
  const socket = mainSocket.io.socket(namespace, { auth })
  socket.connect()
  return { socket, mainSocket }
}

/** Opens one device of one user, which sends and receives in one of the three ways. */
export function openDevice(setup: DeviceSetup, onEvent: (event: DeviceEvent) => void): ScenarioDevice {
  const { way, subscribesTo } = setup
  const isOurs = way === 'ours'
  const { socket, mainSocket } = openSockets(setup)
  const client = createOnlineMessageClient({ transport: createSocketTransport(socket), onError: () => {} })

  let refusals = 0
  socket.on('connect_error', () => refusals++)
  socket.on('app', (n: number) => onEvent({ kind: 'app', n, at: sharedNow() }))
  const receive = (payload: Payload) => onEvent({ kind: 'message', payload, at: sharedNow() })

  if (isOurs) {
    client.connection.subscribe(() => {})
    for (const conversation of subscribesTo) {
      client.subscribe(conversation, 'fault', ({ data }) => receive(data as Payload))
      client
        .typists(conversation)
        .subscribe(({ typists }) => onEvent({ kind: 'typists', ids: typists.map(({ id }) => id), at: sharedNow() }))
    }
  } else {
    const senders = new Set(subscribesTo.map((conversation) => conversation.user))
    const groups = subscribesTo.flatMap(({ group }) => (group === undefined ? [] : [group]))
    socket.on('plain', (sender: string, payload: Payload) => {
      if (senders.has(sender) || groups.length) receive(payload)
    })
    if (groups.length) {
      socket.on('connect', () => {
        // Volatile, so that it does not wait in the queues of the socket, which a run may fill.
        if (!socket.recovered) socket.volatile.emit('join', groups)
      })
    }
  }

  const sendOurs = async (to: Conversation, payload: Payload): Promise<Outcome> => {
    let isImmediate = true
    setImmediate(() => (isImmediate = false))
    const result = await client.send(to, 'fault', payload)
    if (!result.ok) return { code: result.code, isImmediate }
    return { code: 'ok', isImmediate, recipients: result.recipients }
  }
  const send: ScenarioDevice['send'] = (to, payloads) =>
    Promise.all(
      payloads.map(async (payload): Promise<Outcome> => {
        const stamped = { ...payload, at: sharedNow() }
        if (isOurs) return sendOurs(to, stamped)
        const emitter = way === 'volatile' ? socket.volatile : socket
        emitter.emit('plain', way, to, stamped)
        return { code: 'unanswered', isImmediate: true }
      }),
    )

  const activities = new Map<string, () => void>()

  return {
    send,
    sendBesideApp(to, payloads, before, after) {
      socket.emit('app', to.user, before)
      const sent = send(to, payloads)
      socket.emit('app', to.user, after)
      return sent
    },
    async sleepThenSend({ milliseconds, steadyClockRuns, thenSend, to }) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
      const wokeAt = sharedNow()
      if (!steadyClockRuns) {
        const now = performance.now.bind(performance)
        performance.now = () => now() - milliseconds
      }
      return { wokeAt, outcomes: await send(to, thenSend) }
    },
    async moveClock(milliseconds) {
      const now = Date.now
      Date.now = () => now() + milliseconds
    },
    throttleTimers: async (milliseconds) => throttleTimers(socket, milliseconds),
    async setTyping(to, isTyping) {
      const key = JSON.stringify(to)
      activities.get(key)?.()
      activities.delete(key)
      if (isTyping && isOurs) activities.set(key, client.typing(to).startActivity('typing'))
    },
    state: async () => ({
      connected: socket.connected,
      online: isOurs ? client.connection.getState() === 'online' : socket.connected,
      recovered: socket.recovered,
      refusals,
      socketTransport: socket.io.engine.transport.name,
    }),
    async connect() {
      socket.connect()
    },
    async disconnect() {
      socket.disconnect()
    },
    async stored(tag, withEngine) {
      const { sendBuffer, receiveBuffer } = socket
      const { _queue: queue } = socket as unknown as { _queue: unknown }
      const engine = withEngine ? (socket.io.engine.writeBuffer as unknown) : undefined
      return JSON.stringify([sendBuffer, receiveBuffer, queue, engine]).split(tag).length - 1
    },
    async close() {
      socket.io.engine.close()
      socket.disconnect()
      mainSocket.disconnect()
    },
  }
}

function throttleTimers(socket: Socket, milliseconds: number): void {
  const original = globalThis.setTimeout
  const throttled = (call: (...args: unknown[]) => void, delay = 0, ...args: unknown[]) => {
    const due = Math.ceil((performance.now() + delay) / milliseconds) * milliseconds
    return original(call, due - performance.now(), ...args)
  }
  // The XMLHttpRequest that replaces a browser's here fires its events by timers with a delay of 0. A browser does not.
  globalThis.setTimeout = ((call: () => void, delay = 0, ...args: unknown[]) =>
    (delay ? throttled : original)(call, delay, ...args)) as typeof setTimeout
  // The manager and its engine have kept the function that they found.
  for (const holder of [socket.io, socket.io.engine, socket.io.engine.transport]) {
    Object.assign(holder, { setTimeoutFn: throttled })
  }
}
