import { createError } from './errors.ts'
import { isDevelopment } from './is-development.ts'
import { type Command, type CommandData, TYPING_COMMAND } from './message/commands.ts'
import type { Conversation } from './message/conversation.ts'
import type { OnlineMessageError } from './message/online-message-error.ts'
import type { OnlineMessage, Priority } from './message/message.ts'
import type { SendFailure, SendResult } from './message/send-result.ts'
import type { ReadonlyStore } from './readonly-store.ts'
import { reportFailure, setErrorHandler } from './report-failure.ts'
import { aborted } from './transport/aborted.ts'
import type { ConnectionState, Transport } from './transport/transport.ts'
import { createTypingHandles, type TypingHandle } from './typing/typing-handles.ts'
import type { TypingState } from './typing/typing.ts'
import { createTypistsStores } from './typing/typists-stores.ts'

/** What `createOnlineMessageClient` takes. */
export interface OnlineMessageClientOptions {
  /** Carries the messages: one of `react-online-message/socket.io` and the others, or your own. */
  readonly transport: Transport
  /**
   * Time between two renewals of a typing lease, in milliseconds, 500 to 50,000 (S2). A lease lives 2 s longer (S5).
   * @default 5000
   */
  readonly heartbeatInterval?: number | undefined
  /**
   * Time without a key after which typing ends, in milliseconds, 500 to 50,000 (S3).
   * @default 4000
   */
  readonly idleTimeout?: number | undefined
  /**
   * Called for failures that no caller awaits: a refused typing lease, a subscription that was refused or revoked,
   * received data that does not fit its schema. Being offline is not reported.
   * @default a warning on the console, in development
   */
  readonly onError?: ((error: OnlineMessageError) => void) | undefined
}

/** How one message is sent. */
export interface SendOptions {
  /**
   * Which messages are dropped first when a rate limit is reached.
   * @default 'normal'
   */
  readonly priority?: Priority | undefined
  /**
   * Aborted before the message is written, it is never written, and the answer is `aborted`. A message that has been
   * written cannot be taken back.
   */
  readonly signal?: AbortSignal | undefined
}

/** What follows the command in a `send`: data may be left out where it may be `undefined`. Undeclared data may be anything. */
export type SendArguments<Data> = undefined extends Data
  ? [data?: Data, options?: SendOptions]
  : [data: Data, options?: SendOptions]

/**
 * Sends online messages, receives them, and shows who types, over one transport. A client holds nothing while nobody uses
 * it, so there is nothing to destroy.
 */
export interface OnlineMessageClient {
  /**
   * Sends to whoever is online now. It never rejects and never queues (T1, T2): while not connected, it answers `offline`
   * at once.
   *
   * @param args the data, and the options of this message.
   */
  send<C extends Command>(
    conversation: Conversation,
    command: C,
    ...args: SendArguments<CommandData<C>>
  ): Promise<SendResult>
  /** Receives the messages of one command in one conversation, until the function that it returns is called. */
  subscribe<C extends Command>(
    conversation: Conversation,
    command: C,
    listener: (message: OnlineMessage<CommandData<C>>) => void,
  ): () => void
  /**
   * The sending half of typing. Each call returns a handle of its own, which ends only what it began (S7): keep it. All
   * handles of one conversation share one lease.
   */
  typing(conversation: Conversation): TypingHandle
  /**
   * Removes the typing that led to a chat message which has arrived, and never the typing that began after it, if the
   * message arrives within 10 s of the end of its typing (R6). Call it once for each message.
   *
   * @param conversation where the typing is shown: the same that `typists` and the badge got.
   * @throws TypeError in development, when an id is not a string of 1 to 256 characters: it would remove nobody.
   */
  clearTypist(conversation: Conversation, userId: string): void
  /** Who types. The client is subscribed to the conversation while the store has subscribers. */
  typists(conversation: Conversation): ReadonlyStore<TypingState>
  /** Whether messages can be sent and received now. The client watches the connection while the store has subscribers. */
  readonly connection: ReadonlyStore<ConnectionState>
}

/**
 * Makes a client. Creating one is inert: nothing connects, subscribes or ticks before the first subscriber.
 *
 * @throws RangeError in development, when `heartbeatInterval` or `idleTimeout` is out of range.
 */
export function createOnlineMessageClient(options: OnlineMessageClientOptions): OnlineMessageClient {
  const { transport, heartbeatInterval = 5000, idleTimeout = 4000, onError } = options
  if (isDevelopment && process.env.NODE_ENV !== 'production') {
    checkMilliseconds('heartbeatInterval', heartbeatInterval)
    checkMilliseconds('idleTimeout', idleTimeout)
  }
  const { connection } = transport

  const reportTypingFailure = (conversation: Conversation, failure: SendFailure) =>
    reportFailure(client, { conversation, command: TYPING_COMMAND, failure })

  const typing = createTypingHandles({
    heartbeatInterval,
    idleTimeout,
    connection,
    send: (conversation, lease) =>
      transport.send({ conversation, command: TYPING_COMMAND, data: lease }, { confirm: false }),
    onRefused: reportTypingFailure,
  })
  const { typists, clearTypist } = createTypistsStores({ transport, onRefused: reportTypingFailure })

  const client: OnlineMessageClient = {
    connection,
    typing,
    typists,
    clearTypist,
    async send(conversation, command, ...args) {
      const [data, options] = args
      if (options?.signal?.aborted) return aborted
      return transport.send({ conversation, command, data, priority: options?.priority }, { signal: options?.signal })
    },
    subscribe<C extends Command>(
      conversation: Conversation,
      command: C,
      listener: (message: OnlineMessage<CommandData<C>>) => void,
    ) {
      return transport.subscribe(conversation, {
        message(message) {
          // Nobody has checked the data on the way: its type is what the app has declared.
          if (message.command === command) listener(message as OnlineMessage<CommandData<C>>)
        },
        typists() {},
        refused(failure) {
          reportFailure(client, { conversation, command, failure })
        },
      })
    },
  }
  setErrorHandler(client, onError)
  return client
}

function checkMilliseconds(name: string, value: number): void {
  const isInRange = value >= 500 && value <= 50_000
  if (!isInRange) {
    throw createError(RangeError, 'invalid-option', `${name} is ${value}. Give milliseconds from 500 to 50000.`)
  }
}
