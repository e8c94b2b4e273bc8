/**
 * Measures typing in rooms of 1,000, 2,000 and 9,000 members of whom 200 type, about half of them at any time. Our leases and
 * typing updates are compared with an event for every key, which the server emits to the room. The server and the members
 * have processes of their own.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { attachOnlineMessages, type OnlineMessageServer } from '../src/server/index.ts'
import { runMembers, startCrowd } from './kit/members.ts'
import { answerRequests, type Load, measureLoad, printTable, sleep, startProcess, until } from './kit/processes.ts'

const SIZES = [1000, 2000, 9000]
const TYPISTS = 200
/** How long the typists type before the measurement, in milliseconds: all of them have begun by then. */
const WARM_UP = 3500
/** How long ours is measured, in milliseconds. */
const MEASURED = 7000
/** How long the naive way is measured, in milliseconds. Its event loop is busy by then, and stays so. */
const NAIVE_MEASURED = 3000
/** How long a server may take to answer with its figures, in milliseconds. */
const ANSWER_TIMEOUT = 2500

function runServer(way: string): void {
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
  answerRequests({
    listen: () =>
      new Promise((resolve) => {
        http.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(http.address() as AddressInfo).port}`))
      }),
    subscriptions: () => plugin?.stats().subscriptions ?? io.sockets.sockets.size,
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
  const server = startProcess('server', 'ours')
  const crowd = startCrowd()
  const url = await server.request<string>('listen')
  let connected = 0
  for (const size of SIZES) {
    await crowd.connect({ url, count: size - connected, kind: 'group' })
    connected = size
    await until(async () => (await server.request<number>('subscriptions')) === size)
    await crowd.startTyping({ count: TYPISTS, sends: 'lease' })
    await sleep(WARM_UP)
    await crowd.takeReceived()
    await server.request('begin')
    await sleep(MEASURED)
    const leases = await server.request<number>('leases')
    const load = await server.request<Load>('end')
    const { events } = await crowd.takeReceived()
    await crowd.stopTyping()
    addRow('react-online-message', size, leases, events, load.seconds, load)
  }
  server.kill()
  crowd.kill()
}

/** This server's event loop is busy, so the members count what arrives. */
async function naive(size: number): Promise<void> {
  const server = startProcess('server', 'naive')
  const crowd = startCrowd()
  const url = await server.request<string>('listen')
  await crowd.connect({ url, count: size, kind: 'idle' })
  await server.request('begin')
  await crowd.startTyping({ count: TYPISTS, sends: 'key' })
  const began = performance.now()
  await sleep(NAIVE_MEASURED)
  const [load, received] = await Promise.all([
    within(ANSWER_TIMEOUT, server.request<Load>('end')),
    within(ANSWER_TIMEOUT, crowd.takeReceived()),
  ])
  addRow('naive', size, undefined, received?.events, (performance.now() - began) / 1000, load)
  server.kill()
  crowd.kill()
}

const rows: string[][] = []
const missedTargets: string[] = []

const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0)

function addRow(
  way: string,
  size: number,
  leases: number | undefined,
  events: readonly number[] | undefined,
  seconds: number,
  load: Load | undefined,
): void {
  const most = events && Math.max(...events) / seconds
  const deliveries = events && sumOf(events) / seconds
  const ms = (value: number | undefined) => value?.toFixed(value < 100 ? 1 : 0) ?? `> ${ANSWER_TIMEOUT}`
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
  // The measured time may begin and end with an update: one more than its seconds.
  if (most > 1 + 1 / (MEASURED / 1000)) missedTargets.push(`${size} members: more than one typing update a second`)
  if (load.delay.p99 > 20) missedTargets.push(`${size} members: p99 over 20 ms`)
  if (load.delay.max > 60) missedTargets.push(`${size} members: maximum over 60 ms`)
  if (load.cpu > 0.15) missedTargets.push(`${size} members: CPU over 15 %`)
}

async function bench(): Promise<void> {
  await ours()
  for (const size of SIZES) await naive(size)
  console.log(`${TYPISTS} typists, Node ${process.version}; event-loop delay by readings 10 ms apart (idle: 10)\n`)
  printTable(
    [
      'way',
      'members',
      'leases',
      'most for a member and second',
      'deliveries a second',
      'CPU',
      'p50 ms',
      'p99 ms',
      'max ms',
    ],
    rows,
  )
  console.log(missedTargets.length ? `\nmissed: ${missedTargets.join('; ')}` : '\nevery target is met')
  process.exit(missedTargets.length ? 1 : 0)
}

const [, , role, argument = ''] = process.argv
if (role === 'server') runServer(argument)
else if (role === 'members') runMembers(argument)
else await bench()
