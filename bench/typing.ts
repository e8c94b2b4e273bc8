/**
 * Counts the messages and bytes of typing between two people, over a real server in a process of its own: with our client, and
 * with an event for every key. It runs in real time, for a minute. It does not count the message that is sent at the end, the
 * handshake and the heartbeats of the connection. Bytes are those in WebSocket messages.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { io as connect, type Socket } from 'socket.io-client'
import { createOnlineMessageClient } from '../src/core/index.ts'
import { attachOnlineMessages } from '../src/server/index.ts'
import { createSocketTransport } from '../src/transports/socket-io/index.ts'
import { drawBars } from './kit/svg.ts'
import { answerRequests, printTable, sleep, startProcess, until } from './kit/processes.ts'

/** Between two keys, in milliseconds. */
const KEY_INTERVAL = 200

/** Seconds of typing and of pause in turns. At the end the message is sent, or abandoned. */
interface Script {
  readonly name: string
  readonly turns: readonly number[]
  readonly sent: boolean
}

const SCRIPTS: readonly Script[] = [
  { name: '60 s of typing, sent', turns: [60], sent: true },
  { name: '2 s, 6 s of pause, 2 s, abandoned', turns: [2, 6, 2], sent: false },
  { name: '4 × 5 s with 3 s to think, sent', turns: [5, 3, 5, 3, 5, 3, 5], sent: true },
]

/** Messages of other systems for 60 s of typing at 5 keys a second, sent at the end, according to their sources in 2026-11. */
const OTHERS = [
  { label: 'Zulip, newer constants', value: 3 },
  { label: 'Signal', value: 6 },
  { label: 'Zulip, older', value: 7 },
  { label: 'Ably Chat 1.4', value: 7 },
  { label: 'Twilio', value: 12 },
  { label: 'Element', value: 12 },
  { label: 'PubNub Chat', value: 15 },
  { label: 'Tencent Android kit', value: 15 },
  { label: 'Stream 9.53', value: 29 },
  { label: 'Sendbird', value: 61 },
  { label: 'chatscope', value: 301 },
]

function runServer(): void {
  const http = createServer()
  const io = new Server(http)
  const userOf = (socket: { handshake: { auth: Record<string, unknown> } }) => String(socket.handshake.auth.user)
  attachOnlineMessages(io, { identify: userOf, authorize: 'anyone' })
  io.on('connection', (socket) => {
    void socket.join(userOf(socket))
    socket.on('typing', ({ to }: { to: string }) => socket.to(to).emit('typing', { from: userOf(socket) }))
  })
  answerRequests({
    listen: () =>
      new Promise((resolve) => {
        http.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(http.address() as AddressInfo).port}`))
      }),
  })
}

interface Traffic {
  messages: number
  bytes: number
}

interface Packet {
  readonly type: string
  readonly data?: unknown
}

/** Counts the events that are received (`packet`) or sent (`packetCreate`) from now on. */
function countTraffic(socket: Socket, direction: 'packet' | 'packetCreate'): Traffic {
  const traffic = { messages: 0, bytes: 0 }
  socket.io.engine.on(direction, ({ type, data }: Packet) => {
    // Only events: the other packets are answers and heartbeats.
    if (type !== 'message' || typeof data !== 'string' || !data.startsWith('2')) return
    traffic.messages++
    traffic.bytes += 1 + Buffer.byteLength(data)
  })
  return traffic
}

interface Pair {
  readonly key: () => void
  readonly stop: () => void
  readonly up: Traffic
  readonly down: Traffic
}

async function openSocket(url: string, user: string): Promise<Socket> {
  const socket = connect(url, { transports: ['websocket'], forceNew: true, auth: { user } })
  await until(() => socket.connected)
  return socket
}

async function ours(url: string, ann: string, bob: string): Promise<Pair> {
  const [from, to] = [await openSocket(url, ann), await openSocket(url, bob)]
  const reader = createOnlineMessageClient({ transport: createSocketTransport(to) })
  const typist = createOnlineMessageClient({ transport: createSocketTransport(from) })
  reader.typists({ user: ann }).subscribe(() => {})
  // Both show who types, as in a chat.
  typist.typists({ user: bob }).subscribe(() => {})
  await until(() => [reader, typist].every(({ connection }) => connection.getState() === 'online'))
  await sleep(100)
  const typing = typist.typing({ user: bob })
  return {
    key: () => typing.keystroke(),
    stop: () => typing.stop(),
    up: countTraffic(from, 'packetCreate'),
    down: countTraffic(to, 'packet'),
  }
}

async function naive(url: string, ann: string, bob: string): Promise<Pair> {
  const [from, to] = [await openSocket(url, ann), await openSocket(url, bob)]
  return {
    key: () => from.emit('typing', { to: bob }),
    stop() {},
    up: countTraffic(from, 'packetCreate'),
    down: countTraffic(to, 'packet'),
  }
}

async function follow({ turns, sent }: Script, { key, stop }: Pair): Promise<void> {
  const began = performance.now()
  let turn = 0
  for (const [index, seconds] of turns.entries()) {
    const keys = index % 2 ? 0 : (seconds * 1000) / KEY_INTERVAL
    for (let pressed = 0; pressed < keys; pressed++) {
      key()
      await sleep(Math.max(0, began + turn + (pressed + 1) * KEY_INTERVAL - performance.now()))
    }
    turn += 1000 * seconds
    await sleep(Math.max(0, began + turn - performance.now()))
  }
  if (sent) stop()
  // Typing that is abandoned ends 4 s after the last key.
  await sleep(sent ? 500 : 5000)
}

async function bench(): Promise<void> {
  const server = startProcess('server')
  const url = await server.request<string>('listen')
  const runs = SCRIPTS.flatMap((script, index) =>
    ([ours, naive] as const).map(async (way) => {
      const pair = await way(url, `${way.name} ann ${index}`, `${way.name} bob ${index}`)
      await follow(script, pair)
      return { script, way, ...pair }
    }),
  )
  const results = await Promise.all(runs)
  console.log(`live, keys ${KEY_INTERVAL} ms apart, Node ${process.version}\n`)
  printTable(
    ['script', 'way', 'messages up', 'bytes up', 'messages down', 'bytes down'],
    results.map(({ script, way, up, down }) => [
      script.name,
      way === ours ? 'react-online-message' : 'naive',
      up.messages,
      up.bytes,
      down.messages,
      down.bytes,
    ]),
  )
  const [long, key, short] = results
  drawBars('typing', 'Messages for one minute of typing, to one reader', 'messages, less is better', [
    { label: 'react-online-message, to the reader', value: long!.down.messages, ours: true },
    { label: 'react-online-message, from the typist', value: long!.up.messages, ours: true },
    ...OTHERS,
    { label: 'an event for every key', value: key!.up.messages },
  ])
  const met = long!.down.messages === 2 && long!.up.messages <= 14 && short!.down.messages === 4
  console.log(met ? '\nevery target is met' : '\na target is missed')
  server.kill()
  process.exit(met ? 0 : 1)
}

const [, , role] = process.argv
if (role === 'server') runServer()
else await bench()
