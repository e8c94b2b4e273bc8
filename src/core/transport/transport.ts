import type { Conversation } from '../message/conversation.ts'
import type { OnlineMessage, Priority, SendFailure, SendResult } from '../message/message.ts'
import type { ReadonlyStore } from '../readonly-store.ts'
import type { TypingUpdate } from '../typing/typing.ts'

/**
 * `online`: messages can go and come. `connecting`: the carrier is trying. `offline`: it is not.
 */
export type ConnectionState = 'connecting' | 'online' | 'offline'

/** A message on its way out. */
export interface OutgoingMessage {
  /** Where it goes. */
  readonly conversation: Conversation
  /** What kind of message it is. */
  readonly command: string
  /** Whatever JSON can write. */
  readonly data: unknown
  /**
   * Who is shed first under pressure.
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
   * Aborted before the message is written, the answer is `aborted` at once, and the message is never written. After
   * that it changes nothing.
   */
  readonly signal?: AbortSignal | undefined
}

/** What a subscriber to one conversation is told. */
export interface TransportListener {
  /** Somebody else's online message, typing leases included where no server keeps them. */
  message(message: OnlineMessage): void
  /** Who types now, where a server keeps the leases. Each one replaces the one before. */
  typists(digest: TypingUpdate): void
  /** The subscription was refused or has been ended by the other side. Nothing more comes until the next connection. */
  refused?(failure: SendFailure): void
  /** What was received before may not be true any more, after a sleep for example: forget who types (R5). */
  reset?(): void
}

/**
 * Carries online messages. Six rules hold for every transport:
 *
 * - **T1** at most once, and never late: nothing is queued across a disconnect.
 * - **T2** `send` never throws and never rejects.
 * - **T3** `from` is written by the trusted side.
 * - **T4** you never hear yourself, on any of your devices.
 * - **T5** a group is joined with its first subscriber, left after its last, joined again after a reconnect.
 * - **T6** while connected and within limits nothing is lost, and the order is kept.
 *
 * Creating one is inert: it connects, listens and ticks only while somebody subscribes or a `send` is under way.
 */
export interface Transport {
  /**
   * Sends to whoever is online now, and says what became of it.
   */
  send(message: OutgoingMessage, options?: TransportSendOptions): Promise<SendResult>
  /** Hears one conversation, until the function it returns is called. */
  subscribe(conversation: Conversation, on: TransportListener): () => void
  /** Whether messages can come and go now. */
  readonly connection: ReadonlyStore<ConnectionState>
}
