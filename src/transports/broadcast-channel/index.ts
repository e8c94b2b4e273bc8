/**
 * Tabs of one origin in one browser, without a server: typing leases travel as they are.
 */
import { type Conversation, conversationKey } from '../../core/message/conversation.ts'
import { decodeData } from '../../core/message/json.ts'
import { failure } from '../../core/message/failure.ts'
import { createLifecycleStore } from '../../core/lifecycle-store.ts'
import type { SendResult } from '../../core/message/message.ts'
import { watchPageLifecycle } from '../../core/page-lifecycle.ts'
import { createSubscriptions } from '../../core/transport/subscriptions.ts'
import type { ConnectionState, OutgoingMessage, Transport } from '../../core/transport/transport.ts'
import type { User } from '../../core/message/user.ts'
import { checkOutgoing, requireUser, subscribeOrRefuse } from '../../core/transport/local-validation.ts'
import { isStale, type Posted, readPosted } from './posted.ts'

/** Whose tab it is, and whom it hears. */
export interface BroadcastChannelTransportOptions {
  /** Whose tab it is. The others are told this, and cannot check it. */
  readonly user: User
  /**
   * Tabs with the same one hear each other. Several apps of one origin need one each.
   * @default 'react-online-message'
   */
  readonly channel?: string | undefined
}

const unavailable = failure(
  'offline',
  'There is no BroadcastChannel here. Use a page that has an origin (no sandbox), or another transport.',
)
const away = failure(
  'offline',
  'The page is left or frozen, and nothing is queued. Send again when `connection` is online.',
)

/**
 * Carries online messages between the tabs, windows, frames and workers of one origin in one browser: each is a device.
 * Nothing is installed, nothing leaves the machine, and nothing is in any storage (G3).
 *
 * A tab that is closed, frozen or kept for going back to it is gone: its typing ends as it goes, its channels are closed
 * and `connection` is `offline`. When it is back it listens anew, to what is sent from then on (G1, T5). What has waited
 * for longer than 2 s because a tab was too busy or the machine slept is dropped, and who types is forgotten (R5). A tab
 * that crashed stops typing when its lease lapses (R4).
 *
 * **Trust.** There is no trusted side: `from` is what the other tab says it is, and any script of the origin can post and
 * hear everything (T3 holds as far as the origin trusts itself). `reached` is not known and left out. Data has at most
 * 4096 bytes, and there is no other limit.
 *
 * @throws TypeError when the user's id is no string of 1 to 256 characters.
 */
export function createBroadcastChannelTransport(options: BroadcastChannelTransportOptions): Transport {
  const { user, channel: name = 'react-online-message' } = options
  const self = requireUser(user)
  /** One for each conversation that is listened to, by its key: what was posted before is not for it (G2). */
  const channels = new Map<string, BroadcastChannel>()
  let isHere = true

  /** One-to-one, both sides use the same channel. */
  const open = ({ user, group, thread }: Conversation) => {
    const between = user === undefined ? ['group', group] : ['users', ...[self.id, user].sort()]
    try {
      return new BroadcastChannel(JSON.stringify([name, ...between, thread]))
    } catch {
      // There is none, or not for a page without an origin.
      return undefined
    }
  }

  const hear = (conversation: Conversation, value: unknown) => {
    const posted = readPosted(value)
    if (!posted) return
    const { command, data, from } = posted
    // Not oneself (T4), and one-to-one nobody but the other.
    if (from.id === self.id || (conversation.user !== undefined && conversation.user !== from.id)) return
    if (isStale(posted)) {
      // Not taken for a message, but for a sign that this tab has slept: what it shows may be as old (R5).
      try {
        connection.setState('connecting')
      } finally {
        connection.setState('online')
      }
      return
    }
    subscriptions.notify(conversation, (on) => on.message({ conversation, command, data: decodeData(data), from }))
  }

  /** Brings what is listened to in step with the subscriptions and with the page. */
  const listen = (key: string, conversation: Conversation) => {
    const isWanted = isHere && subscriptions.conversations.has(key)
    if (isWanted === channels.has(key)) return
    if (isWanted) {
      const channel = open(conversation)
      if (!channel) return
      channel.onmessage = ({ data }) => hear(conversation, data)
      channels.set(key, channel)
    } else {
      channels.get(key)?.close()
      channels.delete(key)
    }
  }
  const subscriptions = createSubscriptions(listen)
  const listenToAll = () => {
    for (const [key, conversation] of subscriptions.conversations) listen(key, conversation)
  }

  const leave = () => {
    try {
      // First, while it still can be sent: whoever types gives it back (S4).
      connection.setState('offline')
    } finally {
      isHere = false
      listenToAll()
    }
  }
  const comeBack = () => {
    isHere = true
    listenToAll()
    connection.setState(initial)
  }

  const initial = typeof BroadcastChannel === 'function' ? 'online' : 'offline'
  /** Awake is who watches the connection. */
  const connection = createLifecycleStore<ConnectionState>(initial, () => {
    const unwatch = watchPageLifecycle({ onAway: leave, onBack: comeBack })
    return () => {
      unwatch()
      comeBack()
    }
  })

  const send = (message: OutgoingMessage): SendResult => {
    if (!isHere) return away
    const checked = checkOutgoing(message)
    if ('ok' in checked) return checked
    const { conversation, command, data } = checked
    const own = channels.get(conversationKey(conversation))
    const channel = own ?? open(conversation)
    if (!channel) return unavailable
    channel.postMessage({ at: Date.now(), command, data, from: self } satisfies Posted)
    if (channel !== own) channel.close()
    return { ok: true }
  }

  return {
    connection,
    send: (message) => Promise.resolve(send(message)),
    subscribe(conversation, on) {
      const sleep = connection.subscribe(() => {})
      const end = subscribeOrRefuse(subscriptions, conversation, on)
      return () => {
        end()
        sleep()
      }
    },
  }
}
