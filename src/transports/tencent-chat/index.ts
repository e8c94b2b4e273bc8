/**
 * The hooks on Tencent Chat: its online messages (`onlineUserOnly`) and the "typing" of its UI kits, over the app's own
 * instance of its Web SDK.
 */
import { createBoundedMap } from '../../core/bounded-map.ts'
import { TYPING_COMMAND } from '../../core/message/commands.ts'
import { conversationKey, parseConversation } from '../../core/message/conversation.ts'
import { isFailure } from '../../core/message/failure.ts'
import type { SendResult } from '../../core/message/send-result.ts'
import { aborted } from '../../core/transport/aborted.ts'
import { keepRunningWhileSubscribed } from '../../core/transport/keep-running.ts'
import { checkOutgoing, subscribeOrRefuse } from '../../core/transport/local-validation.ts'
import { createSubscriptions } from '../../core/transport/subscriptions.ts'
import type { OutgoingMessage, Transport } from '../../core/transport/transport.ts'
import { parseLease, type TypingLease } from '../../core/typing/typing.ts'
import { parseArrival } from './arrival.ts'
import { createChatConnection } from './chat-connection.ts'
import { MAX_BYTES, parseContent, type TypingForm, writeCommand, writeTyping } from './payload.ts'
import { offline } from './results.ts'
import type { ChatSDK } from './sdk.ts'
import { sendCustomMessage } from './send-custom-message.ts'
import { createKitTypingSessions } from './typing-sessions.ts'

export type { ChatSDK }

/** How this transport writes. What it reads does not depend on it. */
export interface TencentChatOptions {
  /**
   * In which form typing is sent: `tuikit` as Tencent's UI kits send it, `textInput` as its documents have it. The
   * documents know no end of typing: the one that is sent then is understood by this library alone, and for others
   * typing expires. Both forms are read, whichever is sent.
   * @default 'tuikit'
   */
  readonly typing?: TypingForm | undefined
}

/** How many messages are remembered in order not to deliver them twice. */
const MAX_SEEN_MESSAGES = 1000

/**
 * A transport over an app's own Tencent Chat instance, with `onlineUserOnly` and no push. The instance stays the app's:
 * the transport neither logs in nor out. Tencent's kits clear typing 5 s after its latest sign: give the client a
 * `heartbeatInterval` of 4000, and their indicators do not blink.
 *
 * `online` means that SDK_READY has come and the SDK has not said since then that the network is away. Without
 * subscribers the transport knows only what `isReady()` says, and the SDK stays ready without a network.
 *
 * A message that arrives more than 2 s old by the service's clock is dropped (G1). That clock shows whole seconds, and
 * the SDK's idea of it is up to one behind, so that some messages of up to 4 s pass. `ok` means that the service took the
 * message.
 *
 * Kits do not tell their typing sessions apart. After `clearTypist` their renewals stay hidden (R6) until the kit ends
 * typing or pauses for 7 s, or until the typist's message has come through this SDK.
 *
 * @param chat what `TencentCloudChat.create` has returned.
 */
export function createTencentChatTransport(chat: ChatSDK, options: TencentChatOptions = {}): Transport {
  const { typing: form = 'tuikit' } = options
  const subscriptions = createSubscriptions(() => {})
  let kitSessions = createKitTypingSessions()
  /** The SDK delivers a message again that it had no answer for (T1). */
  const seenIds = createBoundedMap<unknown, true>(MAX_SEEN_MESSAGES)

  const connection = createChatConnection(chat, {
    onMessages(messages) {
      const now = Number(chat.getServerTime())
      for (const message of messages) receive(message, now)
    },
    onStop() {
      // The ends of sessions are missed from now on.
      kitSessions = createKitTypingSessions()
    },
  })

  function receive(message: unknown, now: number): void {
    const arrival = parseArrival(message, { self: chat.getLoginUser(), now })
    if (!arrival) return
    const { from, id } = arrival
    const typist = `${conversationKey(arrival.conversation)} ${from.id}`
    const content = parseContent(arrival.data)
    if (!content) {
      kitSessions.end(typist)
      return
    }

    const conversation = parseConversation({ ...arrival.conversation, thread: content.thread })
    if (!conversation || arrival.isStale || seenIds.has(id)) return
    if (id !== undefined) seenIds.set(id, true)

    const { command } = content
    const isTyping = command === TYPING_COMMAND
    const data = isTyping ? kitSessions.complete(typist, content.data as TypingLease, now) : content.data
    subscriptions.notify(conversation, (listener) => listener.message({ conversation, command, data, from }))
  }

  function send(message: OutgoingMessage): SendResult | Promise<SendResult> {
    const checked = checkOutgoing(message, MAX_BYTES)
    if (isFailure(checked)) return checked
    const { conversation, command, data } = checked
    const isTyping = command === TYPING_COMMAND
    const text = isTyping
      ? writeTyping({ form, lease: parseLease(message.data), thread: conversation.thread })
      : writeCommand({ command, data, thread: conversation.thread })
    if (isFailure(text)) return text
    if (connection.getState() !== 'online') return offline
    // A full group can do without typing first.
    const priority = isTyping ? 'low' : (message.priority ?? 'normal')
    return sendCustomMessage(chat, connection, { conversation, text, priority })
  }

  return {
    async send(message, { signal } = {}) {
      // Nothing is awaited before the SDK has the message: the order is that of the calls (T6), and a signal that is
      // aborted later comes too late.
      return signal?.aborted ? aborted : send(message)
    },
    subscribe: (conversation, listener) =>
      keepRunningWhileSubscribed(connection, () => subscribeOrRefuse(subscriptions, conversation, listener)),
    connection,
  }
}
