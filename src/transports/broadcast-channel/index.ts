/**
 * Tabs of one origin in one browser, without a server: typing leases travel as they are.
 */
import { createLifecycleStore } from '../../core/lifecycle-store.ts'
import { TYPING_COMMAND } from '../../core/message/commands.ts'
import { type Conversation, conversationKey } from '../../core/message/conversation.ts'
import { failure, isFailure } from '../../core/message/failure.ts'
import { decodeData } from '../../core/message/json.ts'
import type { SendResult } from '../../core/message/send-result.ts'
import type { User } from '../../core/message/user.ts'
import { watchPageLifecycle } from '../../core/page-lifecycle.ts'
import { aborted } from '../../core/transport/aborted.ts'
import { keepRunningWhileSubscribed } from '../../core/transport/keep-running.ts'
import { checkOutgoing, requireUser, subscribeOrRefuse } from '../../core/transport/local-validation.ts'
import { createSubscriptions } from '../../core/transport/subscriptions.ts'
import type { ConnectionState, OutgoingMessage, Transport } from '../../core/transport/transport.ts'
import { openChannel } from './open-channel.ts'
import { isStale, type Posted, parsePosted } from './posted.ts'

/** Whose tab it is, and which tabs it shares messages with. */
export interface BroadcastChannelTransportOptions {
  /** Whose tab it is. The other tabs receive this as `from`, and cannot check it. */
  readonly user: User
  /**
   * Tabs with the same channel receive each other's messages. Several apps of one origin need one each.
   * @default 'react-online-message'
   */
  readonly channel?: string | undefined
}

const unavailable = failure(
  'offline',
  'There is no BroadcastChannel here. Use a page that has an origin (no sandbox), or another transport.',
)
const pageIsAway = failure(
  'offline',
  'The page is left or frozen, and nothing is queued. Send again when `connection` is online.',
)

/**
 * A transport between the tabs, windows, frames and workers of one origin in one browser: each of them is a device.
 * There is nothing to install, nothing leaves the machine, and no storage holds anything (G3).
 *
 * A tab that is closed, frozen or kept in the back/forward cache is gone: its typing ends as it goes, its channels are
 * closed and `connection` is `offline`. When it is back, it subscribes again, to what is sent from then on (G1, T5). A
 * message that has waited for more than 2 s, because a tab was too busy or the machine slept, is dropped. After such a
 * typing lease all typists are forgotten (R5). A tab that crashed stops typing when its lease expires (R4).
 *
 * **Trust.** There is no trusted side: `from` is what the other tab says it is, and any script of the origin can send and
 * receive everything (T3 holds as far as the origin trusts itself). The result of `send` has no `recipients`: nobody
 * counts them. Data has at most 4096 bytes, and there is no other limit.
 *
 * @throws TypeError when the user's id is not a string of 1 to 256 characters.
 */
export function createBroadcastChannelTransport(options: BroadcastChannelTransportOptions): Transport {
  const { channel: app = 'react-online-message' } = options
  const self = requireUser(options.user)
  /** One for each conversation that has a subscriber, by its key: what was posted before it was opened misses it (G2). */
  const channels = new Map<string, BroadcastChannel>()
  let isHere = true

  const open = (conversation: Conversation) => openChannel({ app, selfId: self.id, conversation })

  const receive = (conversation: Conversation, value: unknown) => {
    const posted = parsePosted(value)
    if (!posted) return
    const { command, data, from } = posted
    // Nobody receives their own messages (T4).
    const isOwn = from.id === self.id
    const isFromThirdPerson = conversation.user !== undefined && conversation.user !== from.id
    if (isOwn || isFromThirdPerson) return

    if (isStale(posted)) {
      // K2: any script can post an old message, and that one is dropped and nothing else.
      if (command === TYPING_COMMAND) resetAll()
      return
    }
    const message = { conversation, command, data: decodeData(data), from }
    subscriptions.notify(conversation, (listener) => listener.message(message))
  }

  /** A typing lease that waited for so long means that this tab has slept: what it shows may be as old (R5). */
  const resetAll = () => {
    for (const conversation of subscriptions.conversations.values()) {
      subscriptions.notify(conversation, (listener) => listener.reset?.())
    }
  }

  /** Opens or closes the channel of a conversation, as its subscriptions and the page want it. */
  const updateChannel = (key: string, conversation: Conversation) => {
    const isWanted = isHere && subscriptions.conversations.has(key)
    if (!isWanted) {
      channels.get(key)?.close()
      channels.delete(key)
      return
    }
    if (channels.has(key)) return
    const channel = open(conversation)
    if (!channel) return
    channel.onmessage = ({ data }) => receive(conversation, data)
    channels.set(key, channel)
  }
  const subscriptions = createSubscriptions(updateChannel)
  const updateChannels = () => {
    for (const [key, conversation] of subscriptions.conversations) updateChannel(key, conversation)
  }

  const goAway = () => {
    try {
      // First, while a message still can be sent: whoever types here releases the lease (S4). It is not `offline`, which
      // would end the session of somebody who records in a frozen tab: the tab comes back by itself (S9).
      connection.setState('connecting')
    } finally {
      isHere = false
      updateChannels()
    }
  }
  const comeBack = () => {
    isHere = true
    updateChannels()
    connection.setState(stateWhenHere)
  }

  const stateWhenHere = typeof BroadcastChannel === 'function' ? 'online' : 'offline'
  const connection = createLifecycleStore<ConnectionState>(stateWhenHere, () => {
    const unwatchPage = watchPageLifecycle({ onAway: goAway, onBack: comeBack })
    return () => {
      unwatchPage()
      comeBack()
    }
  })

  const send = (message: OutgoingMessage): SendResult => {
    if (!isHere) return pageIsAway
    const checked = checkOutgoing(message)
    if (isFailure(checked)) return checked
    const { conversation, command, data } = checked
    const ownChannel = channels.get(conversationKey(conversation))
    const channel = ownChannel ?? open(conversation)
    if (!channel) return unavailable
    channel.postMessage({ at: Date.now(), command, data, from: self } satisfies Posted)
    if (channel !== ownChannel) channel.close()
    return { ok: true }
  }

  return {
    connection: {
      getState: connection.getState,
      getInitialState: connection.getInitialState,
      subscribe: connection.subscribe,
    },
    send: (message, { signal } = {}) => Promise.resolve(signal?.aborted ? aborted : send(message)),
    subscribe: (conversation, listener) =>
      keepRunningWhileSubscribed(connection, () => subscribeOrRefuse(subscriptions, conversation, listener)),
  }
}
