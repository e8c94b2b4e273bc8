/**
 * Measures the server's memory per idle connection: Socket.IO alone, with the plug-in before any hello, and with each
 * connection subscribed to the same group or to a user of its own. A subscribed connection has sent two packets, the hello
 * and the subscription. It is compared with a connection of Socket.IO alone that has sent two packets as well, because
 * reading anything costs a connection memory. Each server is a fresh process; so are its clients.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { attachOnlineMessages } from '../src/server/index.ts'
import { type MemberKind, runMembers, startCrowd } from './kit/members.ts'
import { answerRequests, median, printTable, sleep, startProcess, until } from './kit/processes.ts'

const SOCKETS = 2000
const ROUNDS = 3

interface Way {
  readonly name: string
  readonly kind: MemberKind
  /** What the members of its peer do: the way without the plug-in that it is compared with. */
  readonly peer?: 'idle' | 'two-packets'
}

const WAYS: readonly Way[] = [
  { name: 'Socket.IO alone', kind: 'idle' },
  { name: 'with the plug-in', kind: 'idle', peer: 'idle' },
  { name: 'Socket.IO alone, two packets sent', kind: 'two-packets' },
  { name: 'with the plug-in, subscribed to one group', kind: 'group', peer: 'two-packets' },
  { name: 'with the plug-in, subscribed to one user each', kind: 'user', peer: 'two-packets' },
]

interface Memory {
  readonly heap: number
  readonly rss: number
}

function runServer(withPlugin: boolean): void {
  const http = createServer()
  const io = new Server(http)
  const plugin = withPlugin
    ? attachOnlineMessages(io, {
        identify: ({ handshake }) => String(handshake.auth.user),
        authorize: 'anyone',
      })
    : undefined
  answerRequests({
    listen: () =>
      new Promise((resolve) => {
        http.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(http.address() as AddressInfo).port}`))
      }),
    connected: () => io.sockets.sockets.size,
    subscriptions: () => plugin?.stats().subscriptions,
    async memory(): Promise<Memory> {
      // Twice: what is freed may hold what is freed after it.
      for (let round = 0; round < 2; round++) {
        globalThis.gc?.()
        await sleep(100)
      }
      const { heapUsed, external, rss } = process.memoryUsage()
      return { heap: heapUsed + external, rss }
    },
  })
}

/** Bytes per connection. */
async function measure({ peer, kind }: Way): Promise<Memory> {
  const server = startProcess('server', String(Boolean(peer)))
  const crowd = startCrowd(1)
  const url = await server.request<string>('listen')
  // The first connections pay for what is allocated once.
  await crowd.connect({ url, count: 100, kind })
  const before = await server.request<Memory>('memory')
  await crowd.connect({ url, count: SOCKETS, kind })
  await until(async () => (await server.request<number>('connected')) === SOCKETS + 100)
  const isSubscribed = kind === 'group' || kind === 'user'
  if (isSubscribed) await until(async () => (await server.request<number>('subscriptions')) === SOCKETS + 100)
  const after = await server.request<Memory>('memory')
  server.kill()
  crowd.kill()
  return { heap: (after.heap - before.heap) / SOCKETS, rss: (after.rss - before.rss) / SOCKETS }
}

async function bench(): Promise<void> {
  const results = WAYS.map((): Memory[] => [])
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, way] of WAYS.entries()) results[index]!.push(await measure(way))
  }
  const heap = results.map((memories) => median(memories.map((memory) => memory.heap)))
  const rss = results.map((memories) => median(memories.map((memory) => memory.rss)))
  const kilo = (bytes: number) => (bytes / 1000).toFixed(2)
  const more = (of: readonly number[], index: number) => {
    const { peer } = WAYS[index]!
    return of[index]! - of[WAYS.findIndex((way) => !way.peer && way.kind === peer)]!
  }
  const ours = WAYS.map((_, index) => index).filter((index) => WAYS[index]!.peer)
  console.log(`${SOCKETS} idle websockets, medians of ${ROUNDS} fresh servers each, Node ${process.version}\n`)
  printTable(
    ['connections', 'heap kB', 'more', 'RSS kB', 'more'],
    WAYS.map(({ name, peer }, index) => [
      name,
      kilo(heap[index]!),
      peer ? kilo(more(heap, index)) : '',
      kilo(rss[index]!),
      peer ? kilo(more(rss, index)) : '',
    ]),
  )
  const missedTargets = ours.filter((index) => more(heap, index) > 1000).map((index) => WAYS[index]!.name)
  console.log(
    missedTargets.length
      ? `\nmore than 1 kB of heap more: ${missedTargets.join('; ')}`
      : '\nall within 1 kB of heap more',
  )
  process.exit(missedTargets.length ? 1 : 0)
}

const [, , role, argument = ''] = process.argv
if (role === 'server') runServer(argument === 'true')
else if (role === 'members') runMembers(argument)
else await bench()
