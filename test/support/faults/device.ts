import { type Conversation, createOnlineMessageClient, type SendResult } from '../../../src/core/index.ts'
import { SEND } from '../../../src/core/transport/wire.ts'
import { createSocketTransport } from '../../../src/transports/socket-io/index.ts'
import { sharedNow } from '../until.ts'
import { type DeviceSockets, openSockets } from './open-sockets.ts'
import { subscribeOurs, subscribePlain } from './subscriber.ts'
import { throttleTimers } from './throttle-timers.ts'
import { type DeviceEvent, type DeviceSetup, GUEST, type Outcome, type Payload, type ScenarioDevice } from './types.ts'

/** The sockets of the devices of this process. */
const socketsOf = new WeakMap<ScenarioDevice, DeviceSockets>()

/**
 * Opens one device of one user, which sends and receives in one of the three ways.
 *
 * @param onSocketOf whose socket it uses: a device of this process. @default a socket of its own
 */
export function openDevice(
  setup: DeviceSetup,
  onEvent: (event: DeviceEvent) => void,
  onSocketOf?: ScenarioDevice,
): ScenarioDevice {
  const { way, subscribesTo } = setup
  const isOurs = way === 'ours'
  const sockets = (onSocketOf && socketsOf.get(onSocketOf)) ?? openSockets(setup)
  const { socket, mainSocket } = sockets
  const client = createOnlineMessageClient({ transport: createSocketTransport(socket), onError: () => {} })

  let refusals = 0
  socket.on('connect_error', () => refusals++)
  const receiveApp = (n: number) => onEvent({ kind: 'app', n, at: sharedNow() })
  socket.on('app', receiveApp)
  const subscriberOptions = { socket, subscribesTo, onEvent }
  const subscriber = isOurs ? subscribeOurs(client, subscriberOptions) : subscribePlain(subscriberOptions)

  const sendOurs = async (to: Conversation, payload: Payload): Promise<Outcome> => {
    let isImmediate = true
    setImmediate(() => (isImmediate = false))
    const result = await client.send(to, 'fault', payload)
    if (!result.ok) return { code: result.code, isImmediate }
    return { code: 'ok', isImmediate, recipients: result.recipients }
  }
  const sendPlain = (to: Conversation, payload: Payload): Outcome => {
    const emitter = way === 'volatile' ? socket.volatile : socket
    emitter.emit('plain', way, to, payload)
    return { code: 'unanswered', isImmediate: true }
  }
  const send: ScenarioDevice['send'] = (to, payloads) =>
    Promise.all(
      payloads.map(async (payload): Promise<Outcome> => {
        const stamped = { ...payload, at: sharedNow() }
        if (isOurs) return sendOurs(to, stamped)
        return sendPlain(to, stamped)
      }),
    )

  const activities = new Map<string, () => void>()

  /** The app's own login, on the open connection and for those after it. */
  const setUser = async (user: string | null) => {
    socket.auth = { user: user ?? GUEST }
    await socket.emitWithAck('login', user)
  }

  const device: ScenarioDevice = {
    send,
    sendBesideApp(to, payloads, before, after) {
      socket.emit('app', to.user, before)
      const sent = send(to, payloads)
      socket.emit('app', to.user, after)
      return sent
    },
    async sendWithOldStamp(to, payload, age) {
      const sent = { ...payload, at: sharedNow() }
      if (!isOurs) return sendPlain(to, sent)
      const answer = (await socket.emitWithAck(SEND, Date.now() - age, 'fault', JSON.stringify(sent), to)) as SendResult
      return { code: answer.ok ? 'ok' : answer.code, isImmediate: false }
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
    unsubscribe: async (conversation) => subscriber.unsubscribe(conversation),
    async unmount() {
      for (const endActivity of activities.values()) endActivity()
      activities.clear()
      subscriber.unsubscribeAll()
    },
    async removeListeners(events) {
      if (events) {
        for (const event of events) socket.off(event)
        return
      }
      socket.off()
      socket.on('app', receiveApp)
      subscriber.addListenersAgain()
    },
    logIn: setUser,
    logOut: () => setUser(null),
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
  socketsOf.set(device, sockets)
  return device
}
