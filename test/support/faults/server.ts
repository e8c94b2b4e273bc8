import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Namespace, Server, type Socket } from 'socket.io'
import type { Conversation } from '../../../src/core/index.ts'
import { HELLO } from '../../../src/core/transport/wire.ts'
import { attachOnlineMessages } from '../../../src/server/index.ts'
import { sharedNow, sleep } from '../until.ts'
import { GUEST, type Payload, type ScenarioServer, type ServerSetup, type Way } from './types.ts'

const roomOf = ({ user, group }: Conversation) => (group === undefined ? `user:${user}` : `group:${group}`)

/** Who has logged in since the handshake; null after logging out. */
const logins = new WeakMap<Socket, string | null>()

/** Whose connection it is, or null: nobody has logged in. */
function userOf(socket: Socket): string | null {
  const login = logins.get(socket)
  if (login !== undefined) return login
  const user = String(socket.handshake.auth.user)
  return user === GUEST ? null : user
}

/** Private to Socket.IO's in-memory adapter: what connection-state recovery stores. */
interface RecoveryStore {
  readonly packets?: readonly { readonly data: readonly unknown[] }[]
  readonly sessions?: ReadonlyMap<string, unknown>
}
const recoveryStoreOf = ({ adapter }: Namespace) => adapter as unknown as RecoveryStore

/** Private to Engine.IO: the packets that a connection has not written yet. */
const waitingInEngine = ({ conn }: Socket): unknown[] => {
  const { writeBuffer } = conn as unknown as { writeBuffer: readonly { readonly data?: unknown }[] }
  return writeBuffer.map(({ data }) => data)
}

/**
 * How much of a delay the load makes up for, in milliseconds. A machine that is busy for longer sends less: it could not
 * read all of it in time.
 */
const MAX_CATCH_UP = 10

/** Beside the default one, so that one of two namespaces on a shared manager can be kicked. */
export const SECOND_NAMESPACE = '/chat'

/**
 * Starts a server as an app has it. The plug-in is attached, and beside it the server does the same by hand: it relays
 * `plain` to a room by `emit` or `volatile.emit`, as tutorials do.
 */
export async function startServer(setup: ServerSetup): Promise<ScenarioServer> {
  const { ping, holdHandshakes = false, recovery, deliverTo = 'every-device', countRecipients = false } = setup
  const revoked = new Set<string | null>()
  const hellos = new Map<string | null, number>()
  const heldHandshakes: (() => void)[] = []
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
    if (holdHandshakes) {
      namespace.use((socket, next) => {
        if (socket.handshake.auth.held) heldHandshakes.push(next)
        else next()
      })
    }
    namespace.use((socket, next) => {
      if (revoked.has(userOf(socket))) next(new Error('revoked'))
      else next()
    })
    namespace.on('connection', (socket) => {
      const joinOwnRoom = () => void socket.join(`user:${userOf(socket)}`)
      if (!socket.recovered && userOf(socket) !== null) joinOwnRoom()
      socket.on('join', (groups: readonly string[]) => void socket.join(groups.map((group) => `group:${group}`)))
      socket.on('leave', (group: string) => void socket.leave(`group:${group}`))
      // As in most tutorials, a logout forgets who the user was, and not in which rooms the socket is.
      socket.on('login', (user: string | null, done: () => void) => {
        logins.set(socket, user)
        if (user !== null) joinOwnRoom()
        plugin.reidentify(socket)
        done()
      })
      socket.on(HELLO, () => void hellos.set(userOf(socket), (hellos.get(userOf(socket)) ?? 0) + 1))
      socket.on('plain', (way: Way, to: Conversation, payload: Payload) => {
        const user = userOf(socket)
        if (user === null) return
        const room = socket.to(roomOf(to))
        const emitter = way === 'volatile' ? room.volatile : room
        emitter.emit('plain', user, payload)
      })
      socket.on('app', (to: string, n: number) => namespace.to(`user:${to}`).emit('app', n))
    })
    return { namespace, plugin }
  }
  const served = [serve('/'), serve(SECOND_NAMESPACE)]
  const [main] = served as [(typeof served)[number]]

  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(setup.port ?? 0, '127.0.0.1', resolve)
  })

  const bot = main.plugin.createBot('bot')
  const sendOne = (way: Way, to: Conversation, payload: Payload) => {
    if (way === 'ours') {
      void bot.send({ conversation: to, command: 'fault', data: payload })
      return
    }
    const room = main.namespace.to(roomOf(to))
    const emitter = way === 'volatile' ? room.volatile : room
    emitter.emit('plain', 'bot', payload)
  }
  const copiesIn = (value: unknown, tag: string) => JSON.stringify(value).split(tag).length - 1

  return {
    port: async () => (http.address() as AddressInfo).port,
    async acceptHandshakes() {
      for (const accept of heldHandshakes.splice(0)) accept()
    },
    async kick(user, what, name = '/') {
      for (const socket of io.of(name).sockets.values()) {
        if (userOf(socket) !== user) continue
        if (what === 'engine') socket.conn.close()
        else socket.disconnect()
      }
    },
    async burst({ way, to, payloads, besideApp = false }) {
      const emitApp = (n: number) => main.namespace.to(roomOf(to)).emit('app', n)
      for (const payload of payloads) {
        if (besideApp) emitApp(payload.n - 0.25)
        sendOne(way, to, { ...payload, at: sharedNow() })
        if (besideApp) emitApp(payload.n + 0.25)
      }
    },
    async emitApp(user, numbers) {
      for (const n of numbers) main.namespace.to(`user:${user}`).emit('app', n)
    },
    async load({ way, to, tag, first, bytes, perSecond, milliseconds }) {
      const padding = 'x'.repeat(bytes)
      const end = sharedNow() + milliseconds
      let sent = 0
      let due = 0
      for (let last = sharedNow(); last < end;) {
        await sleep(2)
        const now = sharedNow()
        due += (Math.min(now - last, MAX_CATCH_UP) / 1000) * perSecond
        last = now
        for (; sent < due; sent++) {
          sendOne(way, to[sent % to.length]!, { n: first + sent, tag, at: sharedNow(), padding })
        }
      }
      return sent
    },
    hellos: async (user) => hellos.get(user) ?? 0,
    async revoke(user) {
      revoked.add(user)
      for (const { plugin } of served) plugin.revoke({ user })
    },
    async stored(tag, withEngine) {
      let copies = 0
      for (const { namespace } of served) {
        const { packets = [], sessions = new Map() } = recoveryStoreOf(namespace)
        copies += copiesIn(packets, tag)
        copies += copiesIn([...sessions.values()], tag)
        if (withEngine) copies += copiesIn([...namespace.sockets.values()].map(waitingInEngine), tag)
      }
      return copies
    },
    async storedAppPackets() {
      const { packets = [] } = recoveryStoreOf(main.namespace)
      return packets.filter(({ data }) => data[0] === 'app').length
    },
    async memory() {
      // Several times: what is freed may hold what is freed after it.
      for (let round = 0; round < 3; round++) globalThis.gc?.()
      const { heapUsed, external } = process.memoryUsage()
      return heapUsed + external
    },
    async close() {
      for (const { plugin } of served) plugin.close()
      await io.close()
    },
  }
}
