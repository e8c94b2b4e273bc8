/**
 * Measures the server's CPU and the latency of one message to 100 and to 1,000 WebSockets: plain ws with a frame built once,
 * Socket.IO's room emit, its local volatile emit, and ours. All four send the same bytes, from one server process to sockets
 * in processes of their own, and take turns.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { WebSocketServer, type WebSocket } from 'ws'
import { attachOnlineMessages } from '../src/server/index.ts'
import { runMembers, stamp, startCrowd } from './kit/members.ts'
import { drawBars } from './kit/svg.ts'
import { answerRequests, median, printTable, quantile, sleep, startProcess, until } from './kit/processes.ts'

const SIZES = [
  { sockets: 100, messages: 100, pause: 4 },
  { sockets: 1000, messages: 15, pause: 25 },
]
const ROUNDS = 9

const WAYS = ['raw', 'room', 'volatile', 'ours'] as const
type Way = (typeof WAYS)[number]
const NAMES: Record<Way, string> = {
  raw: 'ws, a frame built once',
  room: 'io.to(room).emit',
  volatile: 'io.local.to(room).volatile.emit',
  ours: 'react-online-message',
}

/** Private to ws: what writes a frame that is already built. */
interface FrameSender {
  readonly _sender: { sendFrame(frame: readonly Buffer[]): void }
}

function runServer(): void {
  const http = createServer()
  const io = new Server(http)
  const plugin = attachOnlineMessages(io, {
    identify: ({ handshake }) => String(handshake.auth.user),
    authorize: 'anyone',
    rateLimits: { perGroup: 1_000_000 },
  })
  io.on('connection', (socket) => void socket.join('hall'))
  const bot = plugin.createBot('bot')
  const group = { group: 'hall' }

  const plain = createServer()
  const raw = new WebSocketServer({ server: plain, perMessageDeflate: false })

  const data = () => `t=${stamp()}${'x'.repeat(26)}`
  // The others send what ours sends.
  const event = () =>
    ['om:message', Date.now(), group, 'bench', JSON.stringify(data()), { id: 'bot' }] as [string, ...unknown[]]
  const send: Record<Way, () => unknown> = {
    raw() {
      const text = Buffer.from(`42${JSON.stringify(event())}`)
      const frame = [Buffer.concat([Buffer.from([0x81, 126, text.length >> 8, text.length & 255]), text])]
      for (const socket of raw.clients as Set<WebSocket & FrameSender>) socket._sender.sendFrame(frame)
    },
    room: () => io.to('hall').emit(...event()),
    volatile: () => io.local.to('hall').volatile.emit(...event()),
    ours: () => bot.send({ conversation: group, command: 'bench', data: data() }, { confirm: false }),
  }
  const listen = (server: typeof http) =>
    new Promise<string>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
    })
  answerRequests({
    listen: async () => ({ io: await listen(http), raw: await listen(plain) }),
    connected: () => Math.min(plugin.stats().subscriptions, raw.clients.size),
    /** Microseconds of CPU. */
    async block({ way, messages, pause }: { way: Way; messages: number; pause: number }) {
      globalThis.gc?.()
      const began = process.cpuUsage()
      for (let message = 0; message < messages; message++) {
        send[way]()
        await sleep(pause)
      }
      const { user, system } = process.cpuUsage(began)
      return user + system
    },
  })
}

interface Results {
  readonly costs: number[]
  readonly latencies: number[]
  lost: number
  bytes: number
}

async function bench(): Promise<void> {
  const server = startProcess('server')
  const urls = await server.request<{ io: string; raw: string }>('listen')
  const crowd = startCrowd()
  const rows: string[][] = []
  const missedTargets: string[] = []
  const bars: { label: string; value: number; ours: boolean }[] = []
  let connected = 0
  for (const { sockets, messages, pause } of SIZES) {
    await crowd.connect({ url: urls.io, count: sockets - connected, kind: 'group' })
    await crowd.connect({ url: urls.raw, count: sockets - connected, kind: 'websocket' })
    connected = sockets
    await until(async () => (await server.request<number>('connected')) === sockets)
    const results = Object.fromEntries(
      WAYS.map((way): [Way, Results] => [way, { costs: [], latencies: [], lost: 0, bytes: 0 }]),
    ) as Record<Way, Results>
    for (let round = -1; round < ROUNDS; round++) {
      for (const way of round % 2 ? WAYS : WAYS.toReversed()) {
        const cpu = await server.request<number>('block', { way, messages, pause })
        await sleep(100)
        const received = await crowd.takeReceived()
        // In the first round the server's code gets compiled.
        if (round < 0) continue
        const delivered = received.events.reduce((sum, count) => sum + count, 0)
        const result = results[way]
        result.costs.push(cpu / delivered)
        result.latencies.push(...received.latencies)
        result.lost += messages * sockets - delivered
        result.bytes = received.bytes / delivered
      }
    }
    const ratioTo = (peer: Way) =>
      median(results.ours.costs.map((cost, index) => cost / results[peer].costs[index]!)).toFixed(2)
    for (const way of WAYS) {
      const { costs, latencies, lost, bytes } = results[way]
      rows.push([
        NAMES[way],
        String(sockets),
        bytes.toFixed(0),
        median(costs).toFixed(1),
        ratioTo(way),
        quantile(latencies, 0.5).toFixed(1),
        quantile(latencies, 0.99).toFixed(1),
        String(lost),
      ])
      bars.push({ label: `${NAMES[way]}, ${sockets}`, value: median(costs), ours: way === 'ours' })
    }
    if (Number(ratioTo('volatile')) > 1) missedTargets.push(`${sockets}: over 1.0 of volatile`)
    if (Number(ratioTo('raw')) > 1.4) missedTargets.push(`${sockets}: over 1.4 of raw ws`)
    if (results.ours.lost) missedTargets.push(`${sockets}: ${results.ours.lost} lost`)
  }
  console.log(`${ROUNDS} rounds of each way in turns, medians; Node ${process.version}\n`)
  printTable(['way', 'sockets', 'bytes', 'CPU µs a delivery', 'ours ÷ this', 'p50 ms', 'p99 ms', 'lost'], rows)
  drawBars('delivery', 'Server CPU per delivery, by number of sockets', 'microseconds, less is better', bars, 1)
  console.log(missedTargets.length ? `\nmissed: ${missedTargets.join('; ')}` : '\nevery target is met')
  server.kill()
  crowd.kill()
  process.exit(missedTargets.length ? 1 : 0)
}

const [, , role, argument = ''] = process.argv
if (role === 'server') runServer()
else if (role === 'members') runMembers(argument)
else await bench()
