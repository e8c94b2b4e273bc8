import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server, type Socket } from 'socket.io'
import type { Conversation } from '../../../src/core/index.ts'
import { attachOnlineMessages } from '../../../src/server/index.ts'
import { sleep, tick } from './clock.ts'
import type { FaultServer, Payload, ServerSetup, Way } from './words.ts'

const roomOf = ({ user, group }: Conversation) => (group === undefined ? `user:${user}` : `group:${group}`)
const userOf = ({ handshake }: Socket) => String(handshake.auth.user)

/** The chat's namespace, beside the default one, so that one of two can be kicked on a shared manager. */
export const CHAT = '/chat'

/**
 * A server as an app has it, with the plug-in attached and with the same thing done by hand: `plain` is relayed to a
 * room by `emit` or `volatile.emit`, as tutorials do it.
 */
export async function startServer(setup: ServerSetup): Promise<FaultServer> {
  const { ping, handshake = 0, recovery, deliverTo = 'every-device', countRecipients = false } = setup
  const revoked = new Set<string>()
  const http = createServer()
  const io = new Server(http, {
    ...(ping && { pingInterval: ping, pingTimeout: ping }),
    ...(recovery && {
      connectionStateRecovery: {
        maxDisconnectionDuration: 60_000,
        skipMiddlewares: recovery === 'skip-middlewares',
      },
    }),
  })

  const serve = (name: string) => {
    const namespace = io.of(name)
    const plugin = attachOnlineMessages(namespace, {
      identify: userOf,
      authorize: ({ user }) => !revoked.has(user.id),
      deliverTo,
      countRecipients,
      rateLimits: { perConnection: 1_000_000, perGroup: 1_000_000 },
    })
    if (handshake) {
      namespace.use((socket, next) => {
        if (socket.handshake.auth.slow) setTimeout(next, handshake)
        else next()
      })
    }
    namespace.use((socket, next) => {
      if (revoked.has(userOf(socket))) next(new Error('revoked'))
      else next()
    })
    namespace.on('connection', (socket) => {
      const user = userOf(socket)
      if (!socket.recovered) void socket.join(`user:${user}`)
      socket.on('join', (groups: readonly string[]) => void socket.join(groups.map((group) => `group:${group}`)))
      socket.on('plain', (way: Way, to: Conversation, payload: Payload) => {
        const room = socket.to(roomOf(to))
        ;(way === 'volatile' ? room.volatile : room).emit('plain', user, payload)
      })
      socket.on('app', (to: string, n: number) => namespace.to(`user:${to}`).emit('app', n))
    })
    return { namespace, plugin }
  }
  const served = [serve('/'), serve(CHAT)]
  const [main] = served as [(typeof served)[number]]

  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(setup.port ?? 0, '127.0.0.1', resolve)
  })

  const bots = new Map<string, ReturnType<typeof main.plugin.createBot>>()
  const sendOne = (way: Way, to: Conversation, payload: Payload) => {
    if (way === 'ours') {
      const bot = bots.get('bot') ?? main.plugin.createBot('bot')
      bots.set('bot', bot)
      void bot.send({ conversation: to, command: 'fault', data: payload })
      return
    }
    const room = main.namespace.to(roomOf(to))
    ;(way === 'volatile' ? room.volatile : room).emit('plain', 'bot', payload)
  }
  const count = (value: unknown, word: string) => JSON.stringify(value).split(word).length - 1

  return {
    port: async () => (http.address() as AddressInfo).port,
    async kick(user, how, name = '/') {
      for (const socket of io.of(name).sockets.values()) {
        if (userOf(socket) !== user) continue
        if (how === 'engine') socket.conn.close()
        else socket.disconnect()
      }
    },
    async burst(way, to, payloads, withApp) {
      for (const payload of payloads) {
        if (withApp) main.namespace.to(roomOf(to)).emit('app', payload.n - 0.25)
        sendOne(way, to, { ...payload, at: tick() })
        if (withApp) main.namespace.to(roomOf(to)).emit('app', payload.n + 0.25)
      }
    },
    async app(user, numbers) {
      for (const n of numbers) main.namespace.to(`user:${user}`).emit('app', n)
    },
    async load(way, to, word, { first, bytes, perSecond, milliseconds }) {
      const padding = 'x'.repeat(bytes)
      const began = tick()
      let sent = 0
      for (let now = began; now - began < milliseconds; now = tick()) {
        const due = Math.floor(((now - began) / 1000) * perSecond)
        for (; sent < due; sent++) sendOne(way, to[sent % to.length]!, { n: first + sent, word, at: tick(), padding })
        await sleep(2)
      }
      return sent
    },
    async revoke(user) {
      revoked.add(user)
      for (const { plugin } of served) plugin.revoke({ user })
    },
    async stored(word, below) {
      let copies = 0
      for (const { namespace } of served) {
        const { packets, sessions } = namespace.adapter as unknown as {
          packets?: unknown
          sessions?: Map<string, unknown>
        }
        const buffers = [...namespace.sockets.values()].map(({ conn }) => {
          const { writeBuffer } = conn as unknown as { writeBuffer: { data?: unknown }[] }
          return writeBuffer.map(({ data }) => data)
        })
        copies +=
          count(packets ?? [], word) +
          count([...(sessions?.values() ?? [])].map(String), word) +
          (below ? count(buffers, word) : 0)
      }
      return copies
    },
    async kept() {
      const { packets = [] } = main.namespace.adapter as unknown as { packets?: { data: unknown[] }[] }
      return packets.filter(({ data }) => data[0] === 'app').length
    },
    async memory() {
      for (let time = 0; time < 3; time++) globalThis.gc?.()
      const { heapUsed, external } = process.memoryUsage()
      return heapUsed + external
    },
    async cpu() {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1e6
    },
    async close() {
      for (const { plugin } of served) plugin.close()
      await io.close()
    },
  }
}
