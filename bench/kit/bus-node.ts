/**
 * A node of `bench/bus.ts`: one process with a Socket.IO server for each way, each on an engine of its own, so that the
 * traffic of the ways never mixes.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { createOnlineMessageClient } from '../../src/core/index.ts'
import { attachOnlineMessages, type OnlineMessageServer } from '../../src/server/index.ts'
import { openNodeOn, type EngineAddress } from '../../test/support/cluster/engines.ts'
import { type Traffic, watchSockets } from './engine-sockets.ts'
import { stamp } from './members.ts'
import { answerRequests, sleep } from './processes.ts'

/**
 * Ours on Redis with sharded pub/sub, on NATS, and on Socket.IO's sharded adapter without the option `bus`; and the peer,
 * Socket.IO's own room on the sharded adapter.
 */
export const WAYS = ['redis', 'nats', 'adapter', 'room'] as const
export type Way = (typeof WAYS)[number]

/** The engine of each way. */
export type Engines = Readonly<Record<Way, EngineAddress>>

/** A conversation, which is also a room. One-to-one it is the receiver's: `sender` and `user` are the two parties. */
export type Target =
  | { readonly sender: string; readonly user: string }
  | { readonly sender: string; readonly group: string }

/** The name that an app would give to the room of a target. */
export const roomOf = (target: Target): string => ('user' in target ? `user:${target.user}` : `group:${target.group}`)

/** What is sent, apart from the twelve digits of the time: forty characters in all. */
const FILLING = 'x'.repeat(26)

/** When the room's typists say again that they type, in milliseconds: as often as our clients renew their leases. */
const TYPING_AGAIN = 5000

export interface Sending {
  readonly way: Way
  readonly target: Target
  readonly count: number
  /** Between two messages, in milliseconds. */
  readonly interval: number
}

export interface TypingSessions {
  readonly way: Way
  readonly targets: readonly Target[]
  /** How long each types, in milliseconds. */
  readonly duration: number
}

/** Runs in the processes that the benchmark starts. */
export async function runNode(): Promise<void> {
  const trafficWith = watchSockets()
  const http = createServer()
  const servers = new Map<Way, Server>()
  const plugins = new Map<Way, OnlineMessageServer>()
  const bots = new Map<string, ReturnType<OnlineMessageServer['createBot']>>()

  function attach(way: Way, io: Server, bus: Parameters<typeof attachOnlineMessages>[1]['bus']): void {
    const plugin = attachOnlineMessages(io, {
      identify: ({ handshake }) => String(handshake.auth.user),
      authorize: 'anyone',
      rateLimits: { perGroup: 1_000_000 },
      ...(bus && { bus }),
    })
    plugins.set(way, plugin)
  }

  async function start(way: Way, engines: Engines): Promise<void> {
    const { adapter, bus } = await openNodeOn(engines[way])
    const io = new Server(http, { path: `/${way}`, ...(adapter && { adapter }) })
    servers.set(way, io)
    if (way !== 'room') attach(way, io, bus)
    else {
      io.on('connection', (socket) => {
        socket.on('join', async (room: string, joined: () => void) => {
          await socket.join(room)
          joined()
        })
      })
    }
  }

  function botOf(way: Way, user: string) {
    const key = `${way} ${user}`
    const bot = bots.get(key) ?? plugins.get(way)!.createBot(user)
    bots.set(key, bot)
    return bot
  }

  const conversationOf = (target: Target) => ('user' in target ? { user: target.user } : { group: target.group })
  /** The conversation as the receiver sees it, which is what the room's event carries. */
  const seenFrom = (target: Target) => ('user' in target ? { user: target.sender } : { group: target.group })

  function senderOf(way: Way, target: Target): (data: string) => unknown {
    if (way === 'room') {
      const io = servers.get(way)!
      const [room, from, conversation] = [roomOf(target), { id: target.sender }, seenFrom(target)]
      return (data) => io.to(room).emit('message', from, conversation, 'bench', data)
    }
    const bot = botOf(way, target.sender)
    const conversation = conversationOf(target)
    return (data) => bot.send({ conversation, command: 'bench', data }, { confirm: false })
  }

  async function type(way: Way, target: Target, duration: number): Promise<void> {
    if (way === 'room') {
      const io = servers.get(way)!.to(roomOf(target))
      const [from, conversation] = [{ id: target.sender }, seenFrom(target)]
      const typing = () => io.emit('typing', from, conversation)
      typing()
      const timer = setInterval(typing, TYPING_AGAIN)
      await sleep(duration)
      clearInterval(timer)
      io.emit('stop typing', from, conversation)
      return
    }
    const client = createOnlineMessageClient({ transport: botOf(way, target.sender) })
    const disconnect = client.connection.subscribe(() => {})
    const stop = client.typing(conversationOf(target)).startActivity('typing')
    await sleep(duration)
    stop()
    disconnect()
  }

  answerRequests({
    async start(engines: Engines) {
      for (const way of WAYS) await start(way, engines)
      await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
      return (http.address() as AddressInfo).port
    },
    /** A device that is subscribed to some conversations in which nothing happens. */
    subscribeQuietly({ user, peers }: { user: string; peers: readonly string[] }) {
      for (const way of plugins.keys()) {
        for (const peer of peers) botOf(way, user).subscribe({ user: peer }, { message() {}, typists() {} })
      }
    },
    pending: () => [...plugins.values()].reduce((sum, plugin) => sum + (plugin.stats().bus?.pending ?? 0), 0),
    channels: () => plugins.get('redis')?.stats().bus?.channels,
    /** What it has exchanged with each engine so far. */
    traffic: (ports: Readonly<Record<Way, number>>): Record<Way, Traffic> =>
      Object.fromEntries(WAYS.map((way) => [way, trafficWith(ports[way])])) as Record<Way, Traffic>,
    async send({ way, target, count, interval }: Sending) {
      const send = senderOf(way, target)
      const began = performance.now()
      for (let sent = 1; sent <= count; sent++) {
        void send(`t=${stamp()}${FILLING}`)
        const wait = began + sent * interval - performance.now()
        if (wait > 0) await sleep(wait)
      }
    },
    type: ({ way, targets, duration }: TypingSessions) =>
      Promise.all(targets.map((target) => type(way, target, duration))).then(() => undefined),
    /** Microseconds of CPU of this process so far. */
    cpu() {
      const { user, system } = process.cpuUsage()
      return user + system
    },
    collectGarbage: () => globalThis.gc?.(),
  })
}
