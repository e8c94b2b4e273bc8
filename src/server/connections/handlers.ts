import type { Conversation } from '../../core/message/conversation.ts'
import { failure, isFailure } from '../../core/message/failure.ts'
import type { SendFailure } from '../../core/message/send-result.ts'
import { invalidConversation } from '../../core/message/validation-failures.ts'
import { settle } from '../../core/settle.ts'
import { ACTIVE, HELLO, LEASE, PROTOCOL_VERSION, SEND, SUBSCRIBE, type Welcome } from '../../core/transport/wire.ts'
import { serverNow } from '../clock.ts'
import { logConnections } from '../debug.ts'
import type { Hub } from '../hub.ts'
import { sendResult } from '../messages.ts'
import type { Device } from '../model.ts'
import type { Settings } from '../options.ts'
import { connectionTooFast, createRefuse, identityChanged } from '../refusals.ts'
import type { Counters } from '../stats.ts'
import { type Connection, createConnectionLimits, enqueue } from './connection.ts'
import type { Identification } from './identification.ts'
import { parseConversations, parseLeasePacket, parseMessagePacket } from './parse-packet.ts'

/** One event of a client. */
export interface ClientEvent {
  readonly connection: Connection
  /** Not checked: everything a client sends is hostile until it is parsed. */
  readonly args: readonly unknown[]
  /** Answers the client if it has asked for an answer. Only the first answer is sent. */
  answer(result: unknown): void
}

export type Handler = (event: ClientEvent) => void

export interface HandlersOptions {
  readonly settings: Settings
  readonly hub: Hub
  readonly counters: Counters
  readonly identification: Identification
  /** Sends the client the event that says why it is not subscribed. */
  readonly writeRefused: (connection: Connection, conversation: Conversation, reason: SendFailure) => void
}

const wrongVersion = failure(
  'invalid',
  `This server speaks version ${PROTOCOL_VERSION} of the protocol. Use the same version of react-online-message on both sides.`,
)

/** One handler for each event of a client, by its name. Each survives every input. */
export function createHandlers(options: HandlersOptions): Record<string, Handler> {
  const { settings, hub, counters, identification, writeRefused } = options
  const refusePacket = createRefuse(counters, logConnections, 'packet')
  const limits = createConnectionLimits(settings)

  const refuse = ({ device }: Connection, reason: SendFailure, conversation?: Conversation): SendFailure =>
    refusePacket(reason, device?.user.id, conversation)

  /**
   * Runs a task in the connection's order, once its user is known. T3: what was sent in the name of one user is never
   * done in the name of another one.
   */
  function runInOrder(
    connection: Connection,
    onRefused: (reason: SendFailure) => void,
    task: (device: Device) => unknown,
  ): void {
    const sender = connection.device
    const isAccepted = enqueue(connection, () => {
      const { device, rejection } = connection
      if (device && (!sender || device === sender)) return task(device)
      if (device) onRefused(identityChanged)
      else if (rejection) onRefused(rejection.reason)
      return undefined
    })
    if (!isAccepted) onRefused(connectionTooFast)
  }

  /** Runs a task at once if the connection's user is known: it overtakes what waits for permission. */
  function runAtOnce(
    connection: Connection,
    onRefused: (reason: SendFailure) => void,
    task: (device: Device) => unknown,
  ): void {
    if (connection.device) task(connection.device)
    else runInOrder(connection, onRefused, task)
  }

  function hello({ connection, args, answer }: ClientEvent): void {
    const [version] = args
    if (version !== PROTOCOL_VERSION) {
      answer(refuse(connection, wrongVersion))
      return
    }
    connection.mustSayHello = false
    identification.onHello(connection)
    const onRefused = (reason: SendFailure) => answer(refuse(connection, reason))
    runAtOnce(connection, onRefused, () => {
      const welcome: Welcome = {
        ok: true,
        version: PROTOCOL_VERSION,
        time: Math.round(serverNow()),
        maxAge: settings.maxAge,
        maxBytes: settings.maxBytes,
        tellActive: settings.activeDeviceOnly,
      }
      answer(welcome)
    })
  }

  /** Subscribes to all conversations of a list, or unsubscribes from them. */
  function subscribe({ connection, args, answer }: ClientEvent): void {
    // The client subscribes again after its hello.
    if (connection.mustSayHello) return
    const [list, on] = args
    const { conversations, invalidCount } = parseConversations(list)
    // An invalid one is not sent back: nobody knows what the encoder would do with it.
    for (let count = 0; count < invalidCount; count++) answer(refuse(connection, invalidConversation))

    const allowed: Conversation[] = []
    let isTooFast = false
    for (const conversation of conversations) {
      if (limits.takeSubscription(connection)) {
        allowed.push(conversation)
        continue
      }
      const refusal = refuse(connection, connectionTooFast, conversation)
      // One event for all of them, or a small packet would cause many.
      if (!isTooFast) writeRefused(connection, conversation, refusal)
      isTooFast = true
    }
    if (!allowed.length) return

    const onRefused = (reason: SendFailure) => {
      for (const conversation of allowed)
        writeRefused(connection, conversation, refuse(connection, reason, conversation))
    }
    runInOrder(connection, onRefused, (device) => {
      const pending: Promise<void>[] = []
      for (const conversation of allowed) {
        if (on === false) {
          hub.unsubscribe(device, conversation)
          continue
        }
        const subscribed = settle(hub.subscribe(device, conversation), (result) => {
          if (isFailure(result)) writeRefused(connection, conversation, result)
        })
        if (subscribed instanceof Promise) pending.push(subscribed)
      }
      return pending.length ? Promise.all(pending) : undefined
    })
  }

  function send({ connection, args, answer }: ClientEvent): void {
    const message = parseMessagePacket(args, settings.maxBytes, serverNow())
    if (isFailure(message)) {
      answer(refuse(connection, message))
      return
    }
    const { conversation, priority } = message
    const onRefused = (reason: SendFailure) => answer(refuse(connection, reason, conversation))
    if (connection.mustSayHello) {
      onRefused(identityChanged)
      return
    }
    if (!limits.takeMessage(connection, priority)) {
      onRefused(connectionTooFast)
      return
    }
    runInOrder(connection, onRefused, (device) =>
      settle(hub.send(device, message), (sent) => {
        // Not waited for: the next message goes on while other nodes count recipients.
        void settle(sendResult(sent), answer)
      }),
    )
  }

  function lease({ connection, args, answer }: ClientEvent): void {
    const parsed = parseLeasePacket(args, serverNow())
    if (isFailure(parsed)) {
      answer(refuse(connection, parsed))
      return
    }
    const isRelease = parsed.ttl === 0
    const onRefused = (reason: SendFailure) => {
      // Whatever keeps it from being released, it is not held.
      if (!isRelease) answer(refuse(connection, reason, parsed.conversation))
    }
    if (connection.mustSayHello) {
      onRefused(identityChanged)
      return
    }
    if (!isRelease && !limits.takeMessage(connection, 'normal')) {
      onRefused(connectionTooFast)
      return
    }
    runAtOnce(connection, onRefused, (device) => {
      // Not waited for: a lease delays no message. Only a refusal is answered.
      void settle(hub.lease(device, parsed), (result) => {
        if (isFailure(result)) answer(result)
      })
    })
  }

  function active({ connection: { device, mustSayHello } }: ClientEvent): void {
    if (device && !mustSayHello) hub.markActive(device)
  }

  const handlers: Record<string, Handler> = { [HELLO]: hello, [SUBSCRIBE]: subscribe, [SEND]: send, [LEASE]: lease }
  return settings.activeDeviceOnly ? { ...handlers, [ACTIVE]: active } : handlers
}
