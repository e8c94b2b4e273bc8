/**
 * Messages and bytes of typing between two people, live over a real server in a process of its own: our client as it is,
 * beside an event for every key. In real time: it takes a minute. The message that is sent in the end, the handshake and
 * heartbeats of the connection are not counted; bytes are those in WebSocket messages.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { io as connect, type Socket } from 'socket.io-client'
import { createOnlineMessageClient } from '../src/core/index.ts'
import { attachOnlineMessages } from '../src/server/index.ts'
import { createSocketTransport } from '../src/transports/socket-io/index.ts'
import { drawBars } from './kit/svg.ts'
import { play, print, sleep, start, until } from './kit/workers.ts'

const KEY = 200

/** Seconds of typing and of rest in turns; in the end the message is sent, or abandoned. */
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

/** Messages for 60 s of typing at 5 keys a second, then send, as read in the systems' sources in 2026-11. */
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

function serve(): void {
  const http = createServer()
  const io = new Server(http)
  const userOf = (socket: { handshake: { auth: Record<string, unknown> } }) => String(socket.handshake.auth.user)
  attachOnlineMessages(io, { identify: userOf, authorize: 'anyone' })
  io.on('connection', (socket) => {
    void socket.join(userOf(socket))
    socket.on('typing', ({ to }: { to: string }) => socket.to(to).emit('typing', { from: userOf(socket) }))
  })
  play({
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

/** Counts events one way, from now on. */
function count(socket: Socket, way: 'packet' | 'packetCreate'): Traffic {
  const traffic = { messages: 0, bytes: 0 }
  socket.io.engine.on(way, ({ type, data }: Packet) => {
    // An event; the others are answers and heartbeats.
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

async function join(url: string, user: string): Promise<Socket> {
  const socket = connect(url, { transports: ['websocket'], forceNew: true, auth: { user } })
  await until(() => socket.connected)
  return socket
}

async function ours(url: string, ann: string, bob: string): Promise<Pair> {
  const [from, to] = [await join(url, ann), await join(url, bob)]
  const reader = createOnlineMessageClient({ transport: createSocketTransport(to) })
  const typist = createOnlineMessageClient({ transport: createSocketTransport(from) })
  reader.typists({ user: ann }).subscribe(() => {})
  // As a chat does: both show who types.
  typist.typists({ user: bob }).subscribe(() => {})
  await until(() => [reader, typist].every(({ connection }) => connection.getState() === 'online'))
  await sleep(100)
  const typing = typist.typing({ user: bob })
  return {
    key: () => typing.keystroke(),
    stop: () => typing.stop(),
    up: count(from, 'packetCreate'),
    down: count(to, 'packet'),
  }
}

async function naive(url: string, ann: string, bob: string): Promise<Pair> {
  const [from, to] = [await join(url, ann), await join(url, bob)]
  return {
    key: () => from.emit('typing', { to: bob }),
    stop() {},
    up: count(from, 'packetCreate'),
    down: count(to, 'packet'),
  }
}

async function follow({ turns, sent }: Script, { key, stop }: Pair): Promise<void> {
  const began = performance.now()
  let turn = 0
  for (const [index, seconds] of turns.entries()) {
    const keys = index % 2 ? 0 : (seconds * 1000) / KEY
    for (let pressed = 0; pressed < keys; pressed++) {
      key()
      await sleep(Math.max(0, began + turn + (pressed + 1) * KEY - performance.now()))
    }
    turn += 1000 * seconds
    await sleep(Math.max(0, began + turn - performance.now()))
  }
  if (sent) stop()
  // An abandoned one ends by itself, 4 s after the last key.
  await sleep(sent ? 500 : 5000)
}

async function bench(): Promise<void> {
  const server = start('server')
  const url = await server.ask<string>('listen')
  const runs = SCRIPTS.flatMap((script, index) =>
    ([ours, naive] as const).map(async (way) => {
      const pair = await way(url, `${way.name} ann ${index}`, `${way.name} bob ${index}`)
      await follow(script, pair)
      return { script, way, ...pair }
    }),
  )
  const results = await Promise.all(runs)
  console.log(`live, keys ${KEY} ms apart, Node ${process.version}\n`)
  print(
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

const [, , part] = process.argv
if (part === 'server') serve()
else await bench()
