import type { Conversation } from '../message/conversation.ts'
import type { OnlineMessage, Priority } from '../message/message.ts'
import type { SendFailure, SendResult } from '../message/send-result.ts'
import type { ReadonlyStore } from '../readonly-store.ts'
import type { TypingState } from '../typing/typing.ts'

/**
 * `online`: messages can be sent and received. `connecting`: the transport tries to connect. `offline`: it does not.
 */
export type ConnectionState = 'connecting' | 'online' | 'offline'

/** A message to send. */
export interface OutgoingMessage {
  /** Where it goes. */
  readonly conversation: Conversation
  /** What kind of message it is. */
  readonly command: string
  /** Anything that JSON can write. */
  readonly data: unknown
  /**
   * Which messages are dropped first when a rate limit is reached.
   * @default 'normal'
   */
  readonly priority?: Priority | undefined
}

/** How one message is sent. */
export interface TransportSendOptions {
  /**
   * `false` asks for an answer only if the message is refused. The promise may then stay open for some seconds, and
   * silence is `ok`.
   * @default true
   */
  readonly confirm?: boolean | undefined
  /**
   * Honoured until the message is written: when it is aborted before that, the answer is `aborted` at once, and the
   * message is never written. After that it changes nothing.
   */
  readonly signal?: AbortSignal | undefined
}

/** What a subscriber of one conversation receives. */
export interface TransportListener {
  /** Somebody else's online message. Typing leases come this way too, where no server keeps them. */
  message(message: OnlineMessage): void
  /** A typing update: who types now, where a server keeps the leases. Each one replaces the one before. */
  typists(state: TypingState): void
  /** The subscription was refused or has been revoked. Nothing more comes until the next connection. */
  refused?(failure: SendFailure): void
  /** Forget who types: after a sleep, for example, what was received before may not be true any more (R5). */
  reset?(): void
}

/**
 * Carries online messages. Six rules hold for every transport:
 *
 * - **T1** Each message arrives at most once, and never late: nothing is queued across a disconnect.
 * - **T2** `send` never throws and never rejects.
 * - **T3** The trusted side writes `from`.
 * - **T4** Users never receive their own messages, on any of their devices.
 * - **T5** A transport is subscribed to a conversation from its first subscriber to its last, also after a reconnect.
 * - **T6** While it is connected and within limits, nothing is lost and the order is kept.
 *
 * Creating one is inert: it connects, subscribes and ticks only while it has a subscriber or a `send` goes on.
 */
export interface Transport {
  /** Sends to whoever is online now. The answer says whether the message was accepted. */
  send(message: OutgoingMessage, options?: TransportSendOptions): Promise<SendResult>
  /** Receives the messages of one conversation, until the function that it returns is called. */
  subscribe(conversation: Conversation, listener: TransportListener): () => void
  /** Whether messages can be sent and received now. */
  readonly connection: ReadonlyStore<ConnectionState>
}
