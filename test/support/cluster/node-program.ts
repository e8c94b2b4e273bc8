/**
 * One node in a process of its own, which a test can kill. `node-process.ts` starts it with a setup and sends it
 * commands.
 */
import { attachOnlineMessages, type OnlineMessageServerOptions } from '../../../src/server/index.ts'
import cluster from 'node:cluster'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setupPrimary } from '@socket.io/cluster-adapter'
import { Server } from 'socket.io'
import { openAdapter } from './adapters.ts'
import { type EngineAddress, openNodeOn } from './engines.ts'

export interface NodeSetup {
  /** What connects it with the other nodes. @default `@socket.io/cluster-adapter`, for the workers of `node:cluster` */
  readonly engine?: EngineAddress
  /** How far its clock is ahead of ours, in milliseconds. */
  readonly clockAhead?: number
  readonly plugin?: Pick<OnlineMessageServerOptions, 'deliverTo' | 'countRecipients' | 'maxAge' | 'typingUpdates'>
}

const setup = JSON.parse(process.env.NODE_SETUP ?? '{}') as NodeSetup
const { clockAhead = 0 } = setup
if (clockAhead !== 0) {
  const { timeOrigin } = performance
  const { now } = Date
  Object.defineProperty(performance, 'timeOrigin', { value: timeOrigin + clockAhead })
  Date.now = () => now() + clockAhead
}

/** The primary process of `node:cluster` only forwards the messages of its workers. */
function runPrimary(): void {
  setupPrimary()
  for (let count = Number(process.env.NODE_COUNT); count > 0; count--) cluster.fork()
  cluster.on('message', (_, message: { port?: number }) => {
    if (message.port) process.send?.(message)
  })
}

async function runNode(): Promise<void> {
  const http = createServer()
  const { engine } = setup
  const { adapter, bus } = engine
    ? await openNodeOn(engine)
    : { ...(await openAdapter('cluster-adapter', 0)), bus: undefined }
  const io = new Server(http, { serveClient: false, ...(adapter && { adapter }) })
  io.on('connection', (socket) => {
    socket.on('test:ping', (answer: () => void) => answer())
  })
  const online = attachOnlineMessages(io, {
    identify: (socket) => (socket.handshake.auth as { user?: string }).user ?? null,
    authorize: 'anyone',
    ...(bus && { bus }),
    ...setup.plugin,
  })
  process.on('message', (message: { ask?: string; revoke?: { user: string }; stop?: boolean }) => {
    if (message.stop) void stop()
    if (message.ask === 'stats') process.send?.({ stats: online.stats() })
    if (message.revoke) online.revoke(message.revoke)
  })
  const stop = async () => {
    online.close()
    await io.close()
    process.exit()
  }
  // Exclusive: otherwise the workers of one cluster would share a port.
  const listening = () => process.send?.({ port: (http.address() as AddressInfo).port })
  http.listen({ port: 0, host: '127.0.0.1', exclusive: true }, listening)
}

if (!setup.engine && cluster.isPrimary) runPrimary()
else await runNode()
process.on('disconnect', () => process.exit())
