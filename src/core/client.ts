import { type Command, type CommandData, TYPING_COMMAND } from './message/commands.ts'
import { type Conversation, conversationKey } from './message/conversation.ts'
import { failure, type OnlineMessageError } from './message/failure.ts'
import type { OnlineMessage, Priority, SendResult } from './message/message.ts'
import type { ReadonlyStore } from './readonly-store.ts'
import { reportFailure, setErrorHandler } from './report-failure.ts'
import type { ConnectionState, Transport } from './transport/transport.ts'
import { type Activity, type TypingUpdate, NO_TYPISTS, type TypingState } from './typing/typing.ts'
import { createTypingReceiver, type TypingReceiver } from './typing/typing-receiver.ts'
import { createTypingSender, type TypingSender } from './typing/typing-sender.ts'

/** What `createOnlineMessageClient` takes. */
export interface OnlineMessageClientOptions {
  /** Carries everything: one of `react-online-message/socket.io` and the others, or your own. */
  readonly transport: Transport
  /**
   * Time between a typist's renewals, in milliseconds, 500 to 50,000. A lease lives 2 s longer (S5).
   * @default 5000
   */
  readonly heartbeatInterval?: number | undefined
  /**
   * Time without a key until typing is given up, in milliseconds, 500 to 50,000 (S3).
   * @default 4000
   */
  readonly idleTimeout?: number | undefined
  /**
   * Told what nobody awaited: a refused lease, listening that was refused or ended.
   * @default a warning on the console, in development
   */
  readonly onError?: ((error: OnlineMessageError) => void) | undefined
}

/** What one message may be sent with. */
export interface SendOptions {
  /**
   * Who is shed first under pressure.
   * @default 'normal'
   */
  readonly priority?: Priority | undefined
  /** Aborted before the message is sent, it is not sent: `timeout`. What has been sent cannot be taken back. */
  readonly signal?: AbortSignal | undefined
}

/** The sending half of typing in one conversation. */
export interface TypingHandle {
  /**
   * A person has pressed a key, pasted, dictated (S6). With a text, an empty one ends typing and an unchanged one is
   * ignored. A function that reads the field always counts, and is asked again before each renewal, so that a field a
   * program has emptied ends typing too.
   */
  keystroke(text?: string | (() => string)): void
  /** Shows an activity without keys, until the function it returns is called. The latest of several is shown. */
  startActivity(activity: Activity): () => void
  /** Gives back at once whatever is shown (S4). Call it before you send the message: it arrives before it. */
  stop(): void
}

/** Sends, hears and types, over one transport. It owns nothing while nobody uses it, so there is nothing to destroy. */
export interface OnlineMessageClient {
  /**
   * Sends to whoever is online now. Never rejects, never queues (T1, T2): when not connected it answers `offline` at once.
   */
  send<C extends Command>(
    conversation: Conversation,
    command: C,
    ...rest: unknown extends CommandData<C>
      ? [data?: CommandData<C>, options?: SendOptions]
      : [data: CommandData<C>, options?: SendOptions]
  ): Promise<SendResult>
  /** Hears one command in one conversation, until the function it returns is called. */
  subscribe<C extends Command>(
    conversation: Conversation,
    command: C,
    listener: (message: OnlineMessage<CommandData<C>>) => void,
  ): () => void
  /** The sending half of typing; every handle of one conversation shares one lease. */
  typing(conversation: Conversation): TypingHandle
  /** A typist's message has arrived: they are taken off at once, and a late renewal does not bring them back (R6). */
  clearTypist(conversation: Conversation, userId: string): void
  /** Who types. The conversation is listened to while the store is subscribed to. */
  typists(conversation: Conversation): ReadonlyStore<TypingState>
  /** Whether messages can come and go now. It is watched while it is subscribed to. */
  readonly connection: ReadonlyStore<ConnectionState>
}

/**
 * Makes a client. Creating one is inert: nothing connects, listens or ticks before the first subscriber.
 *
 * @throws RangeError when `heartbeat` or `idle` is out of range, in development.
 */
export function createOnlineMessageClient(options: OnlineMessageClientOptions): OnlineMessageClient {
  const { transport, heartbeatInterval: heartbeat = 5000, idleTimeout: idle = 4000, onError } = options
  if (process.env.NODE_ENV !== 'production' && [heartbeat, idle].some((ms) => !(ms >= 500 && ms <= 50_000))) {
    throw new RangeError('heartbeat and idle are milliseconds: give 500 to 50000.')
  }
  const { connection } = transport
  /** Those that are subscribed to. */
  const receivers = new Map<string, TypingReceiver>()
  /** Those of the sessions that go on. */
  const senders = new Map<string, TypingSender>()

  const listen = (
    conversation: Conversation,
    command: string,
    listener: (message: OnlineMessage) => void,
    typists: (digest: TypingUpdate) => void = () => {},
  ) =>
    transport.subscribe(conversation, {
      message(message) {
        if (message.command === command) listener(message)
      },
      typists,
      refused(problem) {
        typists(NO_TYPISTS)
        reportFailure(client, { conversation, command, failure: problem })
      },
    })

  const client: OnlineMessageClient = {
    connection,
    async send(conversation, command, ...[data, { priority, signal } = {}]) {
      return signal?.aborted
        ? failure('timeout', 'Aborted.')
        : transport.send({ conversation, command, data, priority })
    },
    subscribe: listen as OnlineMessageClient['subscribe'],
    typing(conversation) {
      const key = conversationKey(conversation)
      const begin = () => {
        const sender = createTypingSender(
          heartbeat,
          idle,
          connection,
          (data) => transport.send({ conversation, command: TYPING_COMMAND, data }, { confirm: false }),
          (failure) => reportFailure(client, { conversation, command: TYPING_COMMAND, failure }),
          () => senders.delete(key),
        )
        senders.set(key, sender)
        return sender
      }
      const sender = () => senders.get(key) ?? begin()
      let last: unknown
      return {
        keystroke(text) {
          if (typeof text !== 'string') sender().key(text)
          else if (text !== last) sender().key(() => text)
          last = text
        },
        startActivity: (activity) => sender().hold(activity),
        stop() {
          last = undefined
          senders.get(key)?.stop()
        },
      }
    },
    clearTypist: (conversation, userId) => receivers.get(conversationKey(conversation))?.clear(userId),
    typists(conversation) {
      const key = conversationKey(conversation)
      const open = () => {
        const receiver = createTypingReceiver(() => {
          receivers.set(key, receiver)
          const leave = listen(conversation, TYPING_COMMAND, receiver.lease, receiver.digest)
          // R5: what was true before a gap may not be true after it.
          const unwatch = connection.subscribe((state) => {
            if (state !== 'online') receiver.digest(NO_TYPISTS)
          })
          return () => {
            receivers.delete(key)
            unwatch()
            leave()
          }
        })
        return receiver
      }
      return {
        getInitialState: () => NO_TYPISTS,
        getState: () => receivers.get(key)?.getState() ?? NO_TYPISTS,
        subscribe: (listener) => (receivers.get(key) ?? open()).subscribe(listener),
      }
    },
  }
  setErrorHandler(client, onError)
  return client
}
