import { io, type Socket } from 'socket.io-client'
import { type Conversation, createOnlineMessageClient } from '../../../src/core/index.ts'
import { createSocketTransport } from '../../../src/transports/socket-io/index.ts'
import { type NetworkProxy, startNetworkProxy } from '../network-proxy.ts'
import { sharedNow } from '../until.ts'

/** So short that a network that stalls for a second makes a message expire. */
export const MAX_AGE = 1000

/** What measuring costs, in milliseconds: one process is the server and all devices. */
const TOLERANCE = 300

/** The devices of a random run, each with a connection and a network of its own. */
const DEVICES = [
  { user: 'ann', socketTransport: 'websocket' },
  { user: 'ann', socketTransport: 'polling' },
  { user: 'bob', socketTransport: 'websocket' },
  { user: 'bob', socketTransport: 'polling' },
  { user: 'cy', socketTransport: 'websocket' },
] as const
export const DEVICE_COUNT: number = DEVICES.length

export const CONVERSATIONS: readonly Conversation[] = [
  { user: 'ann' },
  { user: 'bob' },
  { user: 'cy' },
  { group: 'team' },
]

/** What the devices of a run share. Devices and conversations are indexes into the lists above. */
export interface RandomRun {
  /** The rules that were broken, and how. */
  readonly broken: string[]
  /** The number of the last message. */
  lastNumber: number
  /** The messages sent while their sender was not connected: no device may ever receive them (T1). */
  readonly sentOffline: Set<number>
  /** The greatest age of a message that was received, in milliseconds. A check begins with 0. */
  greatestAge: number
}

interface Payload {
  readonly n: number
  readonly sender: number
  readonly at: number
}

interface Subscription {
  unsubscribe(): void
  /** The ids of the typists that are shown, in order. */
  shownTypists(): string
}

/** One device, which checks each message that it receives against the rules. */
export interface RandomDevice {
  readonly user: string
  readonly socket: Socket
  readonly proxy: NetworkProxy
  /** Whether it is meant to be connected. */
  isWanted: boolean
  /** The numbers of the messages that it has received. */
  readonly received: ReadonlySet<number>
  readonly subscriptions: ReadonlyMap<number, Subscription>
  /** The conversations that it types in. */
  readonly typingIn: ReadonlySet<number>
  isOnline(): boolean
  subscribe(conversation: number): void
  unsubscribe(conversation: number): void
  startTyping(conversation: number): void
  stopTyping(conversation: number): void
  /** @returns the numbers of the messages. */
  send(conversation: number, count: number): number[]
  /** Ends everything that it has begun, and disconnects. */
  leave(): void
}

export const openDevices = (port: number, run: RandomRun): Promise<RandomDevice[]> =>
  Promise.all(DEVICES.map((_, index) => openDevice(port, index, run)))

async function openDevice(port: number, index: number, run: RandomRun): Promise<RandomDevice> {
  const { user, socketTransport } = DEVICES[index]!
  const proxy = await startNetworkProxy(port)
  const socket = io(proxy.url, {
    auth: { user },
    transports: [socketTransport],
    forceNew: true,
    reconnectionDelay: 20,
    reconnectionDelayMax: 40,
  })
  let connectedSince = Infinity
  socket.on('connect', () => (connectedSince = sharedNow()))
  socket.on('disconnect', () => (connectedSince = Infinity))
  const client = createOnlineMessageClient({ transport: createSocketTransport(socket), onError: () => {} })

  const subscriptions = new Map<number, Subscription>()
  const activities = new Map<number, () => void>()
  // S9: disconnecting ends every typing session.
  client.connection.subscribe((state) => {
    if (state === 'offline') activities.clear()
  })
  const received = new Set<number>()
  /** The newest message that came from each device. */
  const newest = new Map<number, number>()

  const receive = (conversation: number, { n, sender, at }: Payload) => {
    const age = sharedNow() - at
    run.greatestAge = Math.max(run.greatestAge, age)
    const isBroken = (rule: string) =>
      run.broken.push(`${rule}: device ${index} receives message ${n} of device ${sender}, ${age} ms old`)
    if (DEVICES[sender]?.user === user) isBroken('T4')
    if (!subscriptions.has(conversation)) isBroken('T5')
    if (received.has(n)) isBroken('T1: at most once')
    if (run.sentOffline.has(n)) isBroken('T1: nothing is queued')
    if (age > MAX_AGE + TOLERANCE) isBroken('G1')
    // The server decides who receives it at one moment, which is at most `maxAge` after it was sent.
    if (at + MAX_AGE + TOLERANCE < connectedSince) isBroken('G2')
    if (n < (newest.get(sender) ?? 0)) isBroken('T6: order')
    received.add(n)
    newest.set(sender, n)
  }

  const unsubscribe = (conversation: number) => {
    const subscription = subscriptions.get(conversation)
    subscriptions.delete(conversation)
    subscription?.unsubscribe()
  }
  const stopTyping = (conversation: number) => {
    activities.get(conversation)?.()
    activities.delete(conversation)
  }

  const sendOne = (conversation: number): number => {
    const n = ++run.lastNumber
    const isOffline = !socket.connected
    if (isOffline) run.sentOffline.add(n)
    const payload: Payload = { n, sender: index, at: sharedNow() }
    void client.send(CONVERSATIONS[conversation]!, 'random', payload).then((result) => {
      if (isOffline && (result.ok || result.code !== 'offline')) {
        run.broken.push(`T1: a message sent while offline is answered ${JSON.stringify(result)}`)
      }
    })
    return n
  }

  return {
    user,
    socket,
    proxy,
    isWanted: true,
    received,
    subscriptions,
    get typingIn() {
      return new Set(activities.keys())
    },
    isOnline: () => client.connection.getState() === 'online',
    subscribe(conversation) {
      if (subscriptions.has(conversation)) return
      const to = CONVERSATIONS[conversation]!
      const typists = client.typists(to)
      const unsubscribeMessages = client.subscribe(to, 'random', ({ data }) => receive(conversation, data as Payload))
      const unsubscribeTypists = typists.subscribe(() => {})
      subscriptions.set(conversation, {
        unsubscribe() {
          unsubscribeMessages()
          unsubscribeTypists()
        },
        shownTypists() {
          const ids = typists.getState().typists.map(({ id }) => id)
          return ids.sort().join()
        },
      })
    },
    unsubscribe,
    startTyping(conversation) {
      // S9: what begins while offline is not shown later.
      if (activities.has(conversation) || client.connection.getState() === 'offline') return
      const handle = client.typing(CONVERSATIONS[conversation]!)
      activities.set(conversation, handle.startActivity('typing'))
    },
    stopTyping,
    send: (conversation, count) => Array.from({ length: count }, () => sendOne(conversation)),
    leave() {
      for (const conversation of [...subscriptions.keys()]) unsubscribe(conversation)
      for (const conversation of [...activities.keys()]) stopTyping(conversation)
      socket.disconnect()
    },
  }
}
