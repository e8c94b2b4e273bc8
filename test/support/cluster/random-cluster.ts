import { Server } from 'socket.io'
import { vi } from 'vitest'
import type { Conversation } from '../../../src/core/index.ts'
import {
  attachOnlineMessages,
  type OnlineMessageServer,
  type OnlineMessageServerOptions,
} from '../../../src/server/index.ts'
import { createMemoryEngine, type MemoryConnection } from './memory-engine.ts'
import { createSkewedBus } from './skewed-bus.ts'

export const MAX_AGE = 2000

/** K1: by how much a node may be wrong about the time at which another one has sent something, in milliseconds. */
const MAX_CLOCK_ERROR = MAX_AGE / 4

/** How long the last interruption is: longer than an error of a clock. */
const INTERRUPTION = 2 * MAX_CLOCK_ERROR

const HOUR = 3_600_000
const CLOCKS = [0, 3 * HOUR, -2 * HOUR, 40, -12 * HOUR]

/** The users of the devices. Two of them have several devices, on different nodes. */
const USERS = ['ann', 'bob', 'cy', 'ann', 'bob', 'dan', 'bob'] as const
export const DEVICE_COUNT: number = USERS.length

/** What can be subscribed to and sent to. Devices of Ann do not send to Ann. */
const CONVERSATIONS: readonly Conversation[] = [{ group: 'team' }, { user: 'ann' }, { user: 'bob' }, { user: 'cy' }]
export const CONVERSATION_COUNT: number = CONVERSATIONS.length

/** How the engine treats messages from now on. Each delay is random, so messages overtake each other. */
export interface NetworkQuality {
  /** Longest time on the way from the engine, in milliseconds. */
  readonly delay: number
  /** Which part of the messages is lost, and which part arrives twice. */
  readonly loss: number
  readonly repetition: number
}

/** What can happen. Devices, conversations and nodes are indexes. */
export type Step =
  | {
      readonly do: 'subscribe' | 'unsubscribe' | 'send' | 'type' | 'stop'
      readonly device: number
      readonly to: number
    }
  | { readonly do: 'kill'; readonly node: number }
  | { readonly do: 'interrupt' | 'restore' }
  | { readonly do: 'network'; readonly quality: NetworkQuality }
  | { readonly do: 'wait'; readonly milliseconds: number }

interface SentMessage {
  readonly number: number
  readonly sentAt: number
}

interface RandomDevice {
  readonly user: string
  readonly node: number
  /** By conversation index: since when it is subscribed. */
  readonly subscribedAt: Map<number, number>
  readonly ends: Map<number, () => void>
  /** By conversation index: who types, as it was notified. */
  readonly shown: Map<number, readonly string[]>
  readonly typesIn: Set<number>
  readonly received: Set<number>
  send(conversation: Conversation, command: string, data: unknown): void
}

export interface RandomClusterOptions {
  readonly nodeCount: number
  readonly seed: number
  readonly plugin?: Partial<OnlineMessageServerOptions>
}

/** Nodes and bots in this process, in fake time, on an engine that loses, repeats, delays and reorders messages. */
export interface RandomCluster {
  take(step: Step): Promise<void>
  /** The engine works and the network is good from now on. @param isNoticed whether the nodes are told of an interruption */
  heal(isNoticed: boolean): Promise<void>
  /** Which devices are shown wrong typists now. */
  wrongTypists(): readonly string[]
  /** Sends one message to a conversation and waits until it has arrived. @returns the indexes of its receivers */
  probe(from: number, to: number): Promise<readonly number[]>
  /** The living devices of other users that are subscribed to what this device sends to a conversation. */
  audience(from: number, to: number): readonly number[]
  /** What broke a rule. */
  readonly broken: readonly string[]
  /** How many messages were received, and how many typists were shown: a run in which nothing happens proves nothing. */
  readonly counts: { received: number; shown: number }
  close(): void
}

function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 16_807) % 2_147_483_647
    return state / 2_147_483_647
  }
}

export function createRandomCluster({ nodeCount, seed, plugin }: RandomClusterOptions): RandomCluster {
  const random = createRandom(seed)
  let quality: NetworkQuality = { delay: 5, loss: 0, repetition: 0 }
  const oneDelay = () => Math.ceil(random() * quality.delay)
  const engine = createMemoryEngine({
    delays() {
      if (random() < quality.loss) return []
      return random() < quality.repetition ? [oneDelay(), oneDelay()] : [oneDelay()]
    },
  })
  const broken: string[] = []
  const counts = { received: 0, shown: 0 }
  let latestNumber = 0

  interface Node {
    readonly server: OnlineMessageServer
    readonly connection: MemoryConnection
    isAlive: boolean
  }
  const nodes: Node[] = Array.from({ length: nodeCount }, (_, index) => {
    const connection = engine.connect()
    const server = attachOnlineMessages(new Server(), {
      identify: () => null,
      authorize: 'anyone',
      maxAge: MAX_AGE,
      rateLimits: { perConnection: 1_000_000, perGroup: 1_000_000 },
      bus: createSkewedBus(connection.bus, CLOCKS[index % CLOCKS.length]!),
      ...plugin,
    })
    return { server, connection, isAlive: true }
  })

  const isAlive = ({ node }: RandomDevice) => nodes[node]!.isAlive
  const nameOf = (index: number) => `${index} (${devices[index]!.user})`

  function check(index: number, to: number, { number, sentAt }: SentMessage, from: string): void {
    const device = devices[index]!
    if (!isAlive(device)) return
    counts.received++
    const now = Date.now()
    const what = `device ${nameOf(index)} received message ${number} of ${from}`
    if (device.received.has(number)) broken.push(`T1: ${what} twice`)
    device.received.add(number)
    if (now - sentAt > MAX_AGE + MAX_CLOCK_ERROR) broken.push(`G1: ${what} after ${now - sentAt} ms`)
    if (from === device.user) broken.push(`T4: ${what}`)
    const since = device.subscribedAt.get(to)
    if (since === undefined) broken.push(`G2: ${what} without a subscription`)
    // Both clocks may be wrong in the same direction: the estimate, and the allowance for its error.
    else if (sentAt < since - 2 * MAX_CLOCK_ERROR)
      broken.push(`G2: ${what}, sent ${since - sentAt} ms before it subscribed`)
  }

  const devices: RandomDevice[] = USERS.map((user, index) => {
    const node = index % nodeCount
    const transport = nodes[node]!.server.createBot(user)
    return {
      user,
      node,
      subscribedAt: new Map(),
      ends: new Map(),
      shown: new Map(),
      typesIn: new Set(),
      received: new Set(),
      send: (conversation, command, data) => void transport.send({ conversation, command, data }),
      subscribe: transport.subscribe,
    }
  })
  const transports = devices as (RandomDevice & {
    subscribe: ReturnType<OnlineMessageServer['createBot']>['subscribe']
  })[]

  function subscribe(index: number, to: number): void {
    const device = transports[index]!
    const conversation = CONVERSATIONS[to]!
    if (device.ends.has(to) || conversation.user === device.user) return
    device.subscribedAt.set(to, Date.now())
    device.shown.set(to, [])
    const end = device.subscribe(conversation, {
      message: ({ data, from }) => check(index, to, data as SentMessage, from.id),
      typists({ typists }) {
        counts.shown += typists.length
        device.shown.set(
          to,
          typists.map(({ id }) => id),
        )
      },
      refused: ({ message }) => broken.push(`device ${nameOf(index)} was refused: ${message}`),
    })
    device.ends.set(to, end)
  }

  function unsubscribe(device: RandomDevice, to: number): void {
    device.ends.get(to)?.()
    device.ends.delete(to)
    device.subscribedAt.delete(to)
    device.shown.delete(to)
  }

  function type(device: RandomDevice, to: number, isTyping: boolean): void {
    const conversation = CONVERSATIONS[to]!
    if (conversation.user === device.user) return
    device.send(conversation, 'textInput', { ttl: isTyping ? 60_000 : 0, activity: 'typing' })
    if (isTyping) device.typesIn.add(to)
    else device.typesIn.delete(to)
  }

  /** The conversation in which another user receives what a user sends. */
  const receivedIn = (user: string, to: number): number => {
    const conversation = CONVERSATIONS[to]!
    if (conversation.group !== undefined) return to
    return CONVERSATIONS.findIndex((other) => other.user === user)
  }
  const reaches = (from: RandomDevice, to: number, receiver: RandomDevice) => {
    const { user } = CONVERSATIONS[to]!
    return receiver.user !== from.user && (user === undefined || user === receiver.user)
  }

  function send(index: number, to: number): number {
    const device = devices[index]!
    const conversation = CONVERSATIONS[to]!
    const message: SentMessage = { number: ++latestNumber, sentAt: Date.now() }
    device.send(conversation, 'note', message)
    return message.number
  }

  /** Who types for a device in a conversation, whatever it is shown. */
  function truth(reader: RandomDevice, where: number): readonly string[] {
    const users = devices
      .filter(isAlive)
      .filter((typist) =>
        [...typist.typesIn].some((to) => reaches(typist, to, reader) && receivedIn(typist.user, to) === where),
      )
      .map(({ user }) => user)
    return [...new Set(users)].sort()
  }

  return {
    async take(step) {
      switch (step.do) {
        case 'wait':
          await vi.advanceTimersByTimeAsync(step.milliseconds)
          return
        case 'network':
          quality = step.quality
          return
        case 'interrupt':
          engine.interrupt()
          return
        case 'restore':
          engine.restore()
          return
        case 'kill': {
          const node = nodes[step.node % nodeCount]!
          node.connection.kill()
          node.isAlive = false
          return
        }
        default: {
          const device = devices[step.device]!
          if (!isAlive(device)) return
          if (step.do === 'subscribe') subscribe(step.device, step.to)
          else if (step.do === 'unsubscribe') unsubscribe(device, step.to)
          else if (step.do !== 'send') type(device, step.to, step.do === 'type')
          else if (CONVERSATIONS[step.to]!.user !== device.user) send(step.device, step.to)
        }
      }
    },
    async heal(isNoticed) {
      quality = { delay: 5, loss: 0, repetition: 0 }
      if (isNoticed) {
        engine.interrupt()
        await vi.advanceTimersByTimeAsync(INTERRUPTION)
      }
      engine.restore()
    },
    wrongTypists() {
      const wrong: string[] = []
      for (const [index, device] of devices.entries()) {
        if (!isAlive(device)) continue
        for (const [where, shown] of device.shown) {
          const expected = truth(device, where)
          if ([...shown].sort().join() !== expected.join()) {
            wrong.push(
              `device ${nameOf(index)} is shown ${JSON.stringify(shown)} in ${JSON.stringify(CONVERSATIONS[where])}, not ${JSON.stringify(expected)}`,
            )
          }
        }
      }
      return wrong
    },
    async probe(from, to) {
      const number = send(from, to)
      await vi.advanceTimersByTimeAsync(200)
      return [...devices.keys()].filter((index) => isAlive(devices[index]!) && devices[index]!.received.has(number))
    },
    audience(from, to) {
      const sender = devices[from]!
      if (!isAlive(sender) || CONVERSATIONS[to]!.user === sender.user) return []
      return [...devices.keys()].filter((index) => {
        const device = devices[index]!
        return isAlive(device) && reaches(sender, to, device) && device.ends.has(receivedIn(sender.user, to))
      })
    },
    broken,
    counts,
    close() {
      for (const { server } of nodes) server.close()
      for (const { connection } of nodes) connection.kill()
    },
  }
}
