/**
 * A network inside one page or process, for demos, stories and tests. No server: typing leases travel as they are.
 */
import { createStore } from 'zustand/vanilla'
import { type Conversation, conversationKey } from '../../core/message/conversation.ts'
import { decodeData } from '../../core/message/json.ts'
import { failure } from '../../core/message/failure.ts'
import type { SendResult } from '../../core/message/message.ts'
import { createSubscriptions } from '../../core/transport/subscriptions.ts'
import type { ConnectionState, OutgoingMessage, Transport, TransportListener } from '../../core/transport/transport.ts'
import type { User } from '../../core/message/user.ts'
import { checkOutgoing, requireUser, subscribeOrRefuse } from '../../core/transport/local-validation.ts'

/** What `createMemoryNetwork` takes: how bad the network is. */
export interface MemoryNetworkOptions {
  /**
   * How long a message is under way, in milliseconds.
   * @default 0, which is still after the code that sent it
   */
  readonly latency?: number | undefined
  /**
   * Share of messages that are lost on their way, 0 to 1, to each device by itself.
   * @default 0
   */
  readonly loss?: number | undefined
  /**
   * Decides what is lost: 0 up to but not including 1.
   * @default Math.random
   */
  readonly random?: (() => number) | undefined
}

/** One device on the network. */
export interface MemoryTransport extends Transport {
  /** Takes the device off the network. What is under way to it is lost for good (G1, G2). */
  disconnect(): void
  /** Takes it back. Its subscriptions hold again, from now on (T5). */
  reconnect(): void
}

/** A network inside one page or process. */
export interface MemoryNetwork {
  /**
   * Adds a device of this user, online at once. A user may have several.
   *
   * @throws TypeError when the user's id is no string of 1 to 256 characters.
   */
  join(user: User): MemoryTransport
}

interface Device {
  readonly userId: string
  /** What it can hear now, by conversation. A gap in listening makes a new token: what left before does not arrive. */
  readonly hears: Map<string, object>
  tell(conversation: Conversation, call: (on: TransportListener) => void): void
}

/**
 * Makes a network. It knows only the devices that listen, so nothing has to be taken down.
 *
 * @throws RangeError when `latency` or `loss` is out of range.
 */
export function createMemoryNetwork(options: MemoryNetworkOptions = {}): MemoryNetwork {
  const { latency = 0, loss = 0, random = Math.random } = options
  if (!(latency >= 0 && latency <= 60_000)) throw new RangeError('latency is in milliseconds: give 0 to 60000.')
  if (!(loss >= 0 && loss <= 1)) throw new RangeError('loss is a share: give 0 (nothing) to 1 (everything).')

  /** Those that hear anything now. */
  const devices = new Set<Device>()
  const later = (arrive: () => void) => {
    if (latency > 0) setTimeout(arrive, latency)
    else queueMicrotask(arrive)
  }

  return {
    join(user) {
      const self = requireUser(user)
      const { id } = self
      const connection = createStore<ConnectionState>(() => 'online')
      const subscriptions = createSubscriptions(listen)
      const device: Device = { userId: id, hears: new Map(), tell: subscriptions.notify }

      const isOnline = () => connection.getState() === 'online'

      /** Brings what can be heard of one conversation in step with connection and subscriptions. */
      function listen(key: string) {
        const { hears } = device
        if (!isOnline() || !subscriptions.conversations.has(key)) hears.delete(key)
        else if (!hears.has(key)) hears.set(key, {})
        if (hears.size) devices.add(device)
        else devices.delete(device)
      }
      // The first to be told: whoever hears of the connection finds it in force.
      connection.subscribe(() => {
        for (const key of subscriptions.conversations.keys()) listen(key)
      })

      const send = (message: OutgoingMessage): SendResult => {
        if (!isOnline()) {
          return failure('offline', 'Not connected, and nothing is queued. Send again when `connection` is online.')
        }
        const checked = checkOutgoing(message)
        if ('ok' in checked) return checked
        const { conversation: to, command, data: text } = checked

        // One-to-one, each side knows the conversation by the other's name.
        const heardAs: Conversation = to.user === undefined ? to : { ...to, user: id }
        const key = conversationKey(heardAs)
        let reached = 0
        for (const { userId, hears, tell } of devices) {
          const token = hears.get(key)
          const isReceiver = token && userId !== id && (to.user === undefined || to.user === userId)
          if (!isReceiver || random() < loss) continue
          reached++
          later(() => {
            if (hears.get(key) !== token) return
            const message = { conversation: { ...heardAs }, command, data: decodeData(text), from: { ...self } }
            tell(heardAs, (on) => on.message(message))
          })
        }
        return { ok: true, recipients: reached }
      }

      return {
        connection,
        send: (message) => Promise.resolve(send(message)),
        subscribe: (conversation, on) => subscribeOrRefuse(subscriptions, conversation, on),
        disconnect: () => connection.setState('offline'),
        reconnect: () => connection.setState('online'),
      }
    },
  }
}
