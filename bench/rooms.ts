/**
 * Typing in rooms of 1,000, 2,000 and 9,000 members of whom 200 type, about half of them at any time: leases and digests
 * of ours, beside an event for every key that the server passes on to the room. Server and members have processes of
 * their own.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { attachOnlineMessages, type OnlineMessageServer } from '../src/server/index.ts'
import { playMembers, startCrowd } from './kit/members.ts'
import { type Load, measureLoad, play, print, sleep, start, until } from './kit/workers.ts'

const SIZES = [1000, 2000, 9000]
const TYPISTS = 200
/** How long the sessions go on before it is measured: all typists have begun by then. */
const WARM_UP = 3500
const MEASURED = 7000
/** Naive: what it does in so many milliseconds is seen, and it does not get better. */
const NAIVE = 3000
/** How long a server that is asked for its figures may take. */
const PATIENCE = 2500

function serve(way: string): void {
  const http = createServer()
  const io = new Server(http)
  let plugin: OnlineMessageServer | undefined
  if (way === 'naive') {
    io.on('connection', (socket) => {
      void socket.join('hall')
      socket.on('typing', () => socket.to('hall').emit('typing', { user: String(socket.handshake.auth.user) }))
    })
  } else {
    plugin = attachOnlineMessages(io, {
      identify: ({ handshake }) => String(handshake.auth.user),
      authorize: 'anyone',
    })
  }
  let end: (() => Load) | undefined
  play({
    listen: () =>
      new Promise((resolve) => {
        http.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(http.address() as AddressInfo).port}`))
      }),
    listeners: () => plugin?.stats().subscriptions ?? io.sockets.sockets.size,
    leases: () => plugin?.stats().leases,
    begin() {
      end = measureLoad()
    },
    end: () => end?.(),
  })
}

const within = <T>(ms: number, answer: Promise<T>): Promise<T | undefined> =>
  Promise.race([answer, sleep(ms).then(() => undefined)])

async function ours(): Promise<void> {
  const server = start('server', 'ours')
  const crowd = startCrowd()
  const url = await server.ask<string>('listen')
  let connected = 0
  for (const size of SIZES) {
    await crowd.connect({ url, count: size - connected, as: 'hall' })
    connected = size
    await until(async () => (await server.ask<number>('listeners')) === size)
    await crowd.type({ count: TYPISTS, by: 'lease' })
    await sleep(WARM_UP)
    await crowd.heard()
    await server.ask('begin')
    await sleep(MEASURED)
    const leases = await server.ask<number>('leases')
    const load = await server.ask<Load>('end')
    const { events } = await crowd.heard()
    await crowd.rest()
    row('react-online-message', size, leases, events, load.seconds, load)
  }
  server.kill()
  crowd.kill()
}

/** The event loop of this one is not free any more: what arrives at the members is counted there. */
async function naive(size: number): Promise<void> {
  const server = start('server', 'naive')
  const crowd = startCrowd()
  const url = await server.ask<string>('listen')
  await crowd.connect({ url, count: size, as: 'io' })
  await server.ask('begin')
  await crowd.type({ count: TYPISTS, by: 'key' })
  const began = performance.now()
  await sleep(NAIVE)
  const [load, heard] = await Promise.all([within(PATIENCE, server.ask<Load>('end')), within(PATIENCE, crowd.heard())])
  row('naive', size, undefined, heard?.events, (performance.now() - began) / 1000, load)
  server.kill()
  crowd.kill()
}

const rows: string[][] = []
const missed: string[] = []

function row(
  way: string,
  size: number,
  leases: number | undefined,
  events: readonly number[] | undefined,
  seconds: number,
  load: Load | undefined,
): void {
  const most = events && Math.max(...events) / seconds
  const deliveries = events && events.reduce((sum, count) => sum + count, 0) / seconds
  const ms = (value: number | undefined) => value?.toFixed(value < 100 ? 1 : 0) ?? `> ${PATIENCE}`
  rows.push([
    way,
    String(size),
    String(leases ?? ''),
    most?.toFixed(2) ?? '?',
    deliveries?.toFixed(0) ?? '?',
    load ? `${(100 * load.cpu).toFixed(1)} %` : 'no answer',
    ...[load?.delay.p50, load?.delay.p99, load?.delay.max].map(ms),
  ])
  if (way === 'naive' || !load || !most) return
  // One reading more or less at the ends of the time it is measured.
  if (most > 1 + 1 / (MEASURED / 1000)) missed.push(`${size} members: more than one digest a second`)
  if (load.delay.p99 > 20) missed.push(`${size} members: p99 over 20 ms`)
  if (load.delay.max > 60) missed.push(`${size} members: maximum over 60 ms`)
  if (load.cpu > 0.15) missed.push(`${size} members: CPU over 15 %`)
}

async function bench(): Promise<void> {
  await ours()
  for (const size of SIZES) await naive(size)
  console.log(`${TYPISTS} typists, Node ${process.version}; event-loop delay by readings 10 ms apart (idle: 10)\n`)
  print(
    [
      'way',
      'members',
      'leases',
      'most a member and second',
      'deliveries a second',
      'CPU',
      'p50 ms',
      'p99 ms',
      'max ms',
    ],
    rows,
  )
  console.log(missed.length ? `\nmissed: ${missed.join('; ')}` : '\nevery target is met')
  process.exit(missed.length ? 1 : 0)
}

const [, , part, argument = ''] = process.argv
if (part === 'server') serve(argument)
else if (part === 'members') playMembers(argument)
else await bench()
