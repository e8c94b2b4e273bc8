/**
 * A network inside one page or process, for demos, stories and tests. No server: typing leases travel as they are.
 */
import { createStore } from 'zustand/vanilla'
import { createError } from '../../core/errors.ts'
import { type Conversation, conversationKey } from '../../core/message/conversation.ts'
import { decodeData } from '../../core/message/json.ts'
import { isFailure } from '../../core/message/failure.ts'
import type { SendResult } from '../../core/message/send-result.ts'
import { aborted } from '../../core/transport/aborted.ts'
import { notConnected } from '../../core/transport/not-connected.ts'
import { createSubscriptions } from '../../core/transport/subscriptions.ts'
import type { ConnectionState, OutgoingMessage, Transport, TransportListener } from '../../core/transport/transport.ts'
import type { User } from '../../core/message/user.ts'
import { checkOutgoing, requireUser, subscribeOrRefuse } from '../../core/transport/local-validation.ts'

/** How bad the network is. */
export interface MemoryNetworkOptions {
  /**
   * How long a message takes to arrive, in milliseconds, 0 to 60,000. With 0 it still arrives after the code that sent it.
   * @default 0
   */
  readonly latency?: number | undefined
  /**
   * Share of messages that are lost on their way, 0 to 1, for each receiving device by itself.
   * @default 0
   */
  readonly loss?: number | undefined
  /**
   * Decides which messages are lost. It returns a number from 0 up to but not including 1.
   * @default Math.random
   */
  readonly random?: (() => number) | undefined
}

/** One device on the network. */
export interface MemoryTransport extends Transport {
  /** Takes the device off the network. Messages that are on their way to it are lost for good (G1, G2). */
  disconnect(): void
  /** Brings it back. Its subscriptions are valid again, for what is sent from now on (T5). */
  reconnect(): void
}

/** A network inside one page or process. */
export interface MemoryNetwork {
  /**
   * Adds a device of this user, online at once. A user may have several.
   *
   * @throws TypeError when the user's id is not a string of 1 to 256 characters.
   */
  join(user: User): MemoryTransport
}

interface Device {
  readonly userId: string
  /**
   * What the device receives now, by the key of the conversation. Each subscription has a token of its own: a message
   * that was sent to the one before a gap does not arrive in the one after it.
   */
  readonly received: Map<string, object>
  notify(conversation: Conversation, call: (listener: TransportListener) => void): void
}

/**
 * Makes a network. It knows only the devices that are subscribed to something, so there is nothing to destroy.
 *
 * @throws RangeError when `latency` or `loss` is out of range.
 */
export function createMemoryNetwork(options: MemoryNetworkOptions = {}): MemoryNetwork {
  const { latency = 0, loss = 0, random = Math.random } = options
  if (!(latency >= 0 && latency <= 60_000)) {
    throw createError(RangeError, 'invalid-option', 'latency is in milliseconds: give 0 to 60000.')
  }
  if (!(loss >= 0 && loss <= 1)) {
    throw createError(RangeError, 'invalid-option', 'loss is a share: give 0 (nothing) to 1 (everything).')
  }

  /** The devices that receive anything now. */
  const receivers = new Set<Device>()

  const afterLatency = (arrive: () => void) => {
    if (latency > 0) setTimeout(arrive, latency)
    else queueMicrotask(arrive)
  }

  return {
    join(user) {
      const self = requireUser(user)
      const connection = createStore<ConnectionState>(() => 'online')
      const subscriptions = createSubscriptions(updateReceived)
      const device: Device = { userId: self.id, received: new Map(), notify: subscriptions.notify }

      const isOnline = () => connection.getState() === 'online'

      /** Brings what the device receives of one conversation in step with its connection and its subscriptions. */
      function updateReceived(key: string): void {
        const { received } = device
        const isReceiving = isOnline() && subscriptions.conversations.has(key)
        if (!isReceiving) received.delete(key)
        else if (!received.has(key)) received.set(key, {})

        if (received.size > 0) receivers.add(device)
        else receivers.delete(device)
      }
      // The first subscriber: the app's subscribers find the new state in force.
      connection.subscribe(() => {
        for (const key of subscriptions.conversations.keys()) updateReceived(key)
      })

      const send = (message: OutgoingMessage): SendResult => {
        if (!isOnline()) return notConnected
        const checked = checkOutgoing(message)
        if (isFailure(checked)) return checked
        const { conversation: sentTo, command, data } = checked

        // One-to-one, each side knows the conversation by the other's name.
        const conversation: Conversation = sentTo.user === undefined ? sentTo : { ...sentTo, user: self.id }
        const key = conversationKey(conversation)
        let recipients = 0
        for (const receiver of receivers) {
          const token = receiver.received.get(key)
          // Nobody receives their own messages, on any of their devices (T4).
          const isOther = receiver.userId !== self.id
          const isAddressed = sentTo.user === undefined || sentTo.user === receiver.userId
          if (!token || !isOther || !isAddressed) continue
          if (random() < loss) continue
          recipients++
          afterLatency(() => {
            if (receiver.received.get(key) !== token) return
            // Each device gets objects of its own.
            const received = { conversation: { ...conversation }, command, data: decodeData(data), from: { ...self } }
            receiver.notify(conversation, (listener) => listener.message(received))
          })
        }
        return { ok: true, recipients }
      }

      return {
        connection,
        send: (message, { signal } = {}) => Promise.resolve(signal?.aborted ? aborted : send(message)),
        subscribe: (conversation, listener) => subscribeOrRefuse(subscriptions, conversation, listener),
        disconnect: () => connection.setState('offline'),
        reconnect: () => connection.setState('online'),
      }
    },
  }
}
