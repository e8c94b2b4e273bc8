import type { Namespace, Server, Socket } from 'socket.io'
import type { Conversation } from '../core/message/conversation.ts'
import type { Transport } from '../core/transport/transport.ts'
import type { User } from '../core/message/user.ts'
import { type Bot, createBot } from './devices/bot.ts'
import { openBus, reachesOthers } from './cluster/adapter-bus.ts'
import { createFrameMaker } from './connections/frame.ts'
import { readIdentity } from './connections/identity.ts'
import { type OnlineMessageServerOptions, readOptions } from './options.ts'
import { createSocketServer } from './connections/connections.ts'
import type { Stats } from './stats.ts'
import { createHub } from './hub.ts'

/** The plug-in, attached to one namespace. */
export interface OnlineMessageServer {
  /**
   * A transport for a bot inside this process, an ordinary user to everybody else: `authorize` is asked for it, too. Make
   * one for each bot and keep it: each call is one more device of that user, until `close()`.
   * @throws TypeError when the user has no proper id.
   */
  createBot(user: User | string): Transport
  /**
   * Silences a user at once, in one conversation and its threads, or everywhere: they hear nothing any more and type
   * nowhere. Take the permission away first: they may listen again as soon as `authorize` says yes.
   */
  revoke(request: { readonly user: string; readonly conversation?: Conversation }): void
  /** Figures for operators: what is there now, and what was counted since the plug-in was attached. */
  stats(): Stats
  /** Takes the plug-in off the server again. Connections stay, and their typing ends. */
  close(): void
}

const attached = new WeakSet<Namespace>()

/**
 * Lets the clients of a Socket.IO server, or of one namespace, send online messages and typing to each other. It adds
 * event listeners named `om:…`, and one for `disconnect`, to its sockets: no rooms, no middleware, no storage. Where the
 * server has an adapter to other nodes (set it before) all of them are one: they talk by `serverSideEmit`, and `close` of
 * the adapter is wrapped to hear of its end.
 *
 * @param io the server, which means its namespace `/`, or one namespace.
 * @throws TypeError or RangeError when an option is missing or out of range, Error when it is attached already.
 */
export function attachOnlineMessages(io: Server | Namespace, options: OnlineMessageServerOptions): OnlineMessageServer {
  const settings = readOptions(options)
  const namespace = 'sockets' in io && 'name' in io ? io : io.of('/')
  if ('createChild' in namespace) {
    throw new TypeError(
      'A dynamic namespace has no sockets of its own. Attach to each child, when it emits its first connection.',
    )
  }
  if (attached.has(namespace)) {
    throw new Error(`attachOnlineMessages is called already for namespace ${namespace.name}. Call its close() first.`)
  }
  attached.add(namespace)
  const makeFrame = createFrameMaker(namespace.server.encoder, namespace.name)
  const bus = openBus(namespace)
  const switchboard = createHub(settings, makeFrame, bus)
  const sockets = createSocketServer(settings, switchboard, makeFrame)
  const bots = new Set<Bot>()

  let closed = false

  let warned = false

  const serve = (socket: Socket) => {
    if (!bus && !warned && reachesOthers(namespace.adapter)) {
      warned = true
      console.error(
        'react-online-message: the adapter was set after attachOnlineMessages, so other nodes are not heard. Set it first.',
      )
    }
    sockets.serve(socket)
  }
  namespace.on('connection', serve)
  for (const socket of namespace.sockets.values()) serve(socket)

  return {
    createBot(user) {
      const known = readIdentity(user)
      if ('ok' in known) throw new TypeError('createBot() needs a user. Give an id, or { id, name }.')
      const bot = createBot(known, settings, switchboard)
      if (closed) bot.close()
      else bots.add(bot)
      return bot.transport
    },
    revoke: switchboard.revoke,
    stats: switchboard.stats,
    close() {
      // Once: by now another one may be attached.
      if (closed) return
      closed = true
      attached.delete(namespace)
      namespace.off('connection', serve)
      // First, while those who read are still there to be told.
      switchboard.close()
      sockets.close()
      for (const bot of bots) bot.close()
    },
  }
}
