/**
 * One node in a process of its own, which may be killed. Started by `node-process.ts` with a setup, and told what to do by
 * its parent.
 */
import { attachOnlineMessages, type OnlineMessageServerOptions } from '../../../src/server/index.ts'
import cluster from 'node:cluster'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setupPrimary } from '@socket.io/cluster-adapter'
import { Server } from 'socket.io'
import { openAdapter, type Pair } from './adapters.ts'

export interface NodeSetup {
  readonly adapter: Pair | 'cluster-adapter'
  readonly redis: number
  /** How far its clock is ahead of ours, in milliseconds. */
  readonly ahead?: number
  readonly plugin?: Pick<OnlineMessageServerOptions, 'deliverTo' | 'countRecipients' | 'maxAge' | 'typingUpdates'>
}

const setup = JSON.parse(process.env.NODE_SETUP ?? '{}') as NodeSetup
const { ahead = 0 } = setup
if (ahead) {
  const { timeOrigin } = performance
  const { now } = Date
  Object.defineProperty(performance, 'timeOrigin', { value: timeOrigin + ahead })
  Date.now = () => now() + ahead
}

/** The primary of `node:cluster` only passes on what its workers say. */
function runPrimary(): void {
  setupPrimary()
  for (let count = Number(process.env.NODE_COUNT); count > 0; count--) cluster.fork()
  cluster.on('message', (_, message: { port?: number }) => {
    if (message.port) process.send?.(message)
  })
}

async function runNode(): Promise<void> {
  const http = createServer()
  const { adapter } = await openAdapter(setup.adapter, setup.redis)
  const io = new Server(http, { serveClient: false, adapter })
  io.on('connection', (socket) => {
    socket.on('test:ping', (answer: () => void) => answer())
  })
  const online = attachOnlineMessages(io, {
    identify: (socket) => (socket.handshake.auth as { user?: string }).user ?? null,
    authorize: 'anyone',
    ...setup.plugin,
  })
  process.on('message', (message: { ask?: string; revoke?: { user: string } }) => {
    if (message.ask === 'stats') process.send?.({ stats: online.stats() })
    if (message.revoke) online.revoke(message.revoke)
  })
  // Workers of one cluster share a port, unless it is their own business.
  const listening = () => process.send?.({ port: (http.address() as AddressInfo).port })
  http.listen({ port: 0, host: '127.0.0.1', exclusive: true }, listening)
}

if (setup.adapter === 'cluster-adapter' && cluster.isPrimary) runPrimary()
else await runNode()
process.on('disconnect', () => process.exit())
