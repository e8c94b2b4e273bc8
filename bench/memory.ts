/**
 * Server memory per idle connection: Socket.IO alone, with the plug-in before anybody says hello, and with each
 * connection listening to the same group or to a user of its own. Whoever listens has said hello and that they listen:
 * beside them stands Socket.IO alone whose clients have said two things, too, because to have read anything costs a
 * connection memory. Each server is a process of its own and fresh; the clients have their own, too.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { attachOnlineMessages } from '../src/server/index.ts'
import { type Connecting, playMembers, startCrowd } from './kit/members.ts'
import { median, play, print, sleep, start, until } from './kit/workers.ts'

const SOCKETS = 2000
const ROUNDS = 3

interface Way {
  readonly name: string
  readonly as: Connecting['as']
  /** The way without the plug-in it is measured against. */
  readonly against?: 'io' | 'spoke'
}

const WAYS: readonly Way[] = [
  { name: 'Socket.IO alone', as: 'io' },
  { name: 'with the plug-in', as: 'io', against: 'io' },
  { name: 'Socket.IO alone, two things said', as: 'spoke' },
  { name: 'with the plug-in, listening to one group', as: 'hall', against: 'spoke' },
  { name: 'with the plug-in, listening to one user each', as: 'pair', against: 'spoke' },
]

interface Memory {
  readonly heap: number
  readonly rss: number
}

function serve(withPlugin: boolean): void {
  const http = createServer()
  const io = new Server(http)
  const plugin = withPlugin
    ? attachOnlineMessages(io, {
        identify: ({ handshake }) => String(handshake.auth.user),
        authorize: 'anyone',
      })
    : undefined
  play({
    listen: () =>
      new Promise((resolve) => {
        http.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(http.address() as AddressInfo).port}`))
      }),
    connected: () => io.sockets.sockets.size,
    listeners: () => plugin?.stats().subscriptions,
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
async function measure({ against, as }: Way): Promise<Memory> {
  const server = start('server', String(Boolean(against)))
  const crowd = startCrowd(1)
  const url = await server.ask<string>('listen')
  // The first connections pay for what is made once.
  await crowd.connect({ url, count: 100, as })
  const before = await server.ask<Memory>('memory')
  await crowd.connect({ url, count: SOCKETS, as })
  await until(async () => (await server.ask<number>('connected')) === SOCKETS + 100)
  if (as === 'hall' || as === 'pair') await until(async () => (await server.ask<number>('listeners')) === SOCKETS + 100)
  const after = await server.ask<Memory>('memory')
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
    const { against } = WAYS[index]!
    return of[index]! - of[WAYS.findIndex((way) => !way.against && way.as === against)]!
  }
  const ours = WAYS.map((_, index) => index).filter((index) => WAYS[index]!.against)
  console.log(`${SOCKETS} idle websockets, medians of ${ROUNDS} fresh servers each, Node ${process.version}\n`)
  print(
    ['connections', 'heap kB', 'more', 'RSS kB', 'more'],
    WAYS.map(({ name, against }, index) => [
      name,
      kilo(heap[index]!),
      against ? kilo(more(heap, index)) : '',
      kilo(rss[index]!),
      against ? kilo(more(rss, index)) : '',
    ]),
  )
  const missed = ours.filter((index) => more(heap, index) > 1000).map((index) => WAYS[index]!.name)
  console.log(missed.length ? `\nover 1 kB of heap more: ${missed.join('; ')}` : '\nall within 1 kB of heap more')
  process.exit(missed.length ? 1 : 0)
}

const [, , part, argument = ''] = process.argv
if (part === 'server') serve(argument === 'true')
else if (part === 'members') playMembers(argument)
else await bench()
