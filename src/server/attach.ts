import type { Namespace, Server, Socket } from 'socket.io'
import { createError, withCode } from '../core/errors.ts'
import { type Conversation, isId } from '../core/message/conversation.ts'
import type { User } from '../core/message/user.ts'
import { sharedByCopies } from '../core/shared-by-copies.ts'
import type { Transport } from '../core/transport/transport.ts'
import { checkRevocation, checkSocket, warnOfBots } from './check-arguments.ts'
import { openAdapterBus } from './cluster/adapter-bus.ts'
import { adapterProblem, reachesOthers } from './cluster/adapter-problem.ts'
import { createConnections } from './connections/connections.ts'
import { createFrameMaker } from './connections/frame.ts'
import { parseAppUser } from './connections/identity.ts'
import { type Bot, createBot } from './devices/bot.ts'
import { createHub } from './hub.ts'
import { type OnlineMessageServerOptions, readOptions, type SocketOf } from './options.ts'
import { createCounters, type Stats } from './stats.ts'

/** The plug-in, attached to one namespace. */
export interface OnlineMessageServer {
  /**
   * Creates a bot inside this process and returns its transport. To everybody else the bot is an ordinary user:
   * `authorize` is asked for it as well. Create one for each bot and keep it: each call adds one more device of that user,
   * until `close()`.
   * @throws TypeError when the user's id is not a string of 1 to 256 characters.
   */
  createBot(user: User | string): Transport
  /**
   * Ends a user's subscriptions and typing at once, in one conversation and its threads, or everywhere. Take the
   * permission away first: the user may subscribe again as soon as `authorize` allows it.
   *
   * @throws TypeError when an id is not a string of 1 to 256 characters: nothing would be revoked.
   */
  revoke(request: { readonly user: string; readonly conversation?: Conversation }): void
  /**
   * Asks `identify` again whose a connection is, or all connections that a user has, on all nodes. Call it when somebody
   * has signed in or out on an open connection, or has another name or picture (I1).
   *
   * The same id: the user is replaced, and whoever sees them type sees the new name at once. Another id, or nobody: the
   * subscriptions and typing of the user before end at once, and the client says hello again by itself. If `identify`
   * throws, the connection has no user; the client's next hello asks again. If an earlier call of `identify` has not
   * answered, the answer to this one counts, and what the client has sent waits for it no longer.
   *
   * A bot keeps the user that it was created with: `identify` is not asked about it. Without effect on a connection that
   * has ended, and after `close()`.
   *
   * @throws TypeError when it is neither an id of 1 to 256 characters nor a socket of this namespace.
   */
  reidentify(target: Socket | string): void
  /** Figures for operators: the present state, and counters since the plug-in was attached. */
  stats(): Stats
  /** Detaches the plug-in from the server. Connections stay open, and their typing ends. */
  close(): void
}

/** The namespaces that have the plug-in. */
const attached = /* @__PURE__ */ sharedByCopies<Namespace, true>('attached')

/**
 * Lets the clients of a Socket.IO server, or of one namespace, send online messages and typing to each other. It adds
 * event listeners named `om:…`, and one for `disconnect`, to the sockets: no rooms, no middleware, no storage.
 *
 * Several nodes work as one with the option `bus`. Without it, set the server's adapter before: if it reaches other nodes,
 * they exchange messages with its `serverSideEmit`, and its `close` is wrapped so that this node can end its leases.
 *
 * @param io a server, which means its namespace `/`, or one namespace.
 * @throws TypeError or RangeError when an option is missing or out of range, Error when the namespace has the plug-in
 * already.
 */
export function attachOnlineMessages<ServerOrNamespace extends Server | Namespace>(
  io: ServerOrNamespace,
  options: OnlineMessageServerOptions<SocketOf<ServerOrNamespace>>,
): OnlineMessageServer
export function attachOnlineMessages(io: Server | Namespace, options: OnlineMessageServerOptions): OnlineMessageServer {
  const settings = readOptions(options)
  const namespace = isNamespace(io) ? io : io.of('/')
  if ('createChild' in namespace) {
    throw createError(
      TypeError,
      'dynamic-namespace',
      'A dynamic namespace has no sockets of its own. Attach to each child, when it emits its first connection.',
    )
  }
  if (attached.has(namespace)) {
    throw createError(
      Error,
      'namespace-attached',
      `The namespace ${namespace.name} has online messages already. Call close() of the first one before.`,
    )
  }
  attached.set(namespace, true)

  const counters = createCounters()
  const makeFrame = createFrameMaker(namespace.server.encoder, namespace.name)
  const { adapter } = namespace
  const problem = settings.bus ? undefined : adapterProblem(namespace)
  if (problem !== undefined) console.warn(withCode('unsuitable-adapter', problem))
  const adapterBus = settings.bus ? undefined : openAdapterBus(namespace)
  const bus = settings.bus ?? adapterBus
  const hub = createHub({ settings, makeFrame, counters, bus, namespace: namespace.name })
  // The app may close its Redis client next: the other nodes have to learn before it that the typing here has ended.
  adapterBus?.onClose(hub.leaveCluster)
  const connections = createConnections({ settings, hub, makeFrame, counters })
  const bots = new Set<Bot>()
  let isClosed = false
  let hasWarned = false

  const warnOfLateAdapter = () => {
    const isLate = namespace.adapter !== adapter && reachesOthers(namespace.adapter)
    if (bus || hasWarned || !isLate) return
    hasWarned = true
    console.error(
      withCode(
        'late-adapter',
        'The adapter was set after attachOnlineMessages, so other nodes are not reached. Set it first.',
      ),
    )
  }
  const serve = (socket: Socket) => {
    warnOfLateAdapter()
    connections.serve(socket)
  }
  namespace.on('connection', serve)
  for (const socket of namespace.sockets.values()) serve(socket)

  return {
    createBot(user) {
      const bot = createBot(parseAppUser(user, 'createBot() was given'), settings, hub)
      if (isClosed) bot.close()
      else bots.add(bot)
      return bot.transport
    },
    revoke(request) {
      hub.revoke(checkRevocation(request))
    },
    reidentify(target) {
      const isUserId = isId(target)
      if (!isUserId) checkSocket(target, namespace)
      if (isClosed) return
      if (!isUserId) connections.reidentify(target)
      else {
        warnOfBots(hub.devicesOf(target), target)
        hub.reidentify(target)
      }
    },
    stats: hub.stats,
    close() {
      // Once only: by now the namespace may have another plug-in.
      if (isClosed) return
      isClosed = true
      attached.delete(namespace)
      namespace.off('connection', serve)
      // The hub first, while there are devices that can be sent who stopped typing.
      hub.close()
      adapterBus?.close()
      connections.close()
      for (const bot of bots) bot.close()
    },
  }
}

const isNamespace = (io: Server | Namespace): io is Namespace => 'sockets' in io && 'name' in io
