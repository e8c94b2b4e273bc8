/**
 * The hooks on Tencent Chat: its online messages (`onlineUserOnly`) and the "typing" of its UI kits, over the app's own
 * instance of its Web SDK.
 */
import { TYPING_COMMAND } from '../../core/message/commands.ts'
import { conversationKey, parseConversation } from '../../core/message/conversation.ts'
import { MAX_TYPING_SESSIONS, ANSWER_TIMEOUT } from '../../core/constants.ts'
import { createLifecycleStore } from '../../core/lifecycle-store.ts'
import type { SendResult } from '../../core/message/message.ts'
import { createSubscriptions } from '../../core/transport/subscriptions.ts'
import type { ConnectionState, Transport } from '../../core/transport/transport.ts'
import { parseLease, type TypingLease } from '../../core/typing/typing.ts'
import { checkOutgoing, subscribeOrRefuse } from '../../core/transport/local-validation.ts'
import { readArrival } from './arrival.ts'
import { createKitSessions } from './typing-sessions.ts'
import { MAX_BYTES, readContent, type TypingForm, writeCommand, writeTyping } from './payload.ts'
import { broken, noAnswer, offline, refused } from './results.ts'
import {
  type ChatEvent,
  type ChatSDK,
  CONNECTED,
  CONNECTING,
  DISCONNECTED,
  GROUP,
  KICKED_OUT,
  MESSAGE_RECEIVED,
  NET_STATE_CHANGE,
  ONE_TO_ONE,
  PRIORITIES,
  SDK_NOT_READY,
  SDK_READY,
} from './sdk.ts'

export type { ChatSDK }

/** How this transport writes. What it reads does not depend on it. */
export interface TencentChatOptions {
  /**
   * How typing is sent: `tuikit` as Tencent's UI kits do, `textInput` as its documents do, which know no end; ours is
   * then understood by this library alone, and with others typing lapses. Both are read whichever is sent.
   * @default 'tuikit'
   */
  readonly typing?: TypingForm | undefined
}

/**
 * Carries online messages over an app's own Tencent Chat instance, with `onlineUserOnly` and no push. The instance
 * stays the app's: it is neither logged in nor out here. Tencent's kits clear typing 5 s after the latest sign of it:
 * give the client a `heartbeat` of 4000, and they do not blink.
 *
 * `online` means that SDK_READY has come and the SDK has not said since that the network is away. While nobody listens
 * all that is known is what `isReady()` says, and the SDK stays ready without a network.
 *
 * What arrives more than 2 s old by the service's clock is dropped (G1). That clock shows whole seconds, and the SDK's
 * idea of it is up to one behind, so some of what is up to 4 s old passes. `ok` means that the service took the message.
 *
 * Kits do not tell their sessions of typing apart. After `clearTypist` their renewals stay hidden (R6) until the kit
 * ends typing or pauses for 7 s, or the typist's message has come through this SDK.
 *
 * @param chat what `TencentCloudChat.create` has returned.
 */
export function createTencentChatTransport(chat: ChatSDK, options: TencentChatOptions = {}): Transport {
  const { typing = 'tuikit' } = options
  /** What the SDK has said of the network since SDK_READY, or since somebody listens. */
  let net: unknown
  /** Whether the last thing known is the end of a login. */
  let isOver = false
  let kitSessions = createKitSessions()
  /** The latest messages told, since the SDK sends again what it had no answer for (T1). */
  const told = new Set<unknown>()

  const state = (): ConnectionState => {
    if (!chat.isReady()) return isOver ? 'offline' : 'connecting'
    if (net === undefined || net === CONNECTED) return 'online'
    return net === CONNECTING ? 'connecting' : 'offline'
  }
  const enter = (over: boolean, network: unknown) => {
    isOver = over
    net = network
    connection.setState(state())
  }

  const hear = (message: unknown, now: number) => {
    const arrival = readArrival(message, chat.getLoginUser(), now)
    if (!arrival) return
    const { conversation: place, from, id } = arrival
    const typist = `${conversationKey(place)} ${from.id}`
    const content = readContent(arrival.data)
    if (!content) {
      kitSessions.end(typist)
      return
    }
    const conversation = parseConversation({ ...place, thread: content.thread })
    if (!conversation || arrival.isLate || told.has(id)) return
    if (id !== undefined) told.add(id)
    const [oldest] = told
    if (told.size > MAX_TYPING_SESSIONS) told.delete(oldest)
    const { command } = content
    const isTyping = command === TYPING_COMMAND
    const data = isTyping ? kitSessions.complete(typist, content.data as TypingLease, now) : content.data
    subscriptions.notify(conversation, (on) => on.message({ conversation, command, data, from }))
  }

  const handlers: Readonly<Record<string, (event: ChatEvent) => void>> = {
    [SDK_READY]: () => enter(false, undefined),
    [SDK_NOT_READY]: () => enter(true, undefined),
    // It is said before `isReady()` turns false.
    [KICKED_OUT]: () => enter(true, DISCONNECTED),
    [NET_STATE_CHANGE]: ({ data }) => enter(isOver, (Object(data) as { state?: unknown }).state),
    [MESSAGE_RECEIVED]({ data }) {
      // Before SDK_READY nobody can tell how old a message is.
      if (state() !== 'online' || !Array.isArray(data)) return
      const now = Number(chat.getServerTime())
      for (const message of data) hear(message, now)
    },
  }
  const wire = (method: 'on' | 'off') => {
    for (const [event, handler] of Object.entries(handlers)) chat[method](event, handler)
  }
  /** Awake is who watches the connection. */
  const connection = createLifecycleStore<ConnectionState>('connecting', () => {
    wire('on')
    connection.setState(state())
    return () => {
      wire('off')
      // What is not heard of any more is not known.
      net = undefined
      kitSessions = createKitSessions()
    }
  })
  const subscriptions = createSubscriptions(() => {})

  return {
    async send(message) {
      const checked = checkOutgoing(message, MAX_BYTES)
      if ('ok' in checked) return checked
      const { conversation: to, command, data } = checked
      const isTyping = command === TYPING_COMMAND
      const text = isTyping
        ? writeTyping(typing, parseLease(message.data), to.thread)
        : writeCommand(command, data, to.thread)
      if (typeof text !== 'string') return text
      if (state() !== 'online') return offline
      return new Promise<SendResult>((resolve) => {
        const answer = (result: SendResult) => {
          clearTimeout(timer)
          sleep()
          resolve(result)
        }
        const timer = setTimeout(() => answer(noAnswer), ANSWER_TIMEOUT)
        const sleep = connection.subscribe((now) => {
          if (now !== 'online') answer(broken)
        })
        try {
          const custom = chat.createCustomMessage({
            to: to.user ?? to.group,
            conversationType: to.user === undefined ? GROUP : ONE_TO_ONE,
            // Typing is the first that a full group can do without.
            priority: PRIORITIES[isTyping ? 'low' : (message.priority ?? 'normal')],
            payload: { data: text, description: '', extension: '' },
          })
          chat.sendMessage(custom, { onlineUserOnly: true, offlinePushInfo: { disablePush: true } }).then(
            () => answer({ ok: true }),
            (error: unknown) => answer(refused(error)),
          )
        } catch (error) {
          answer(refused(error))
        }
      })
    },
    subscribe(conversation, on) {
      const leave = subscribeOrRefuse(subscriptions, conversation, on)
      const sleep = connection.subscribe(() => {})
      return () => {
        leave()
        sleep()
      }
    },
    connection: { ...connection, getState: state },
  }
}
