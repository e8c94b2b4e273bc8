import type { Conversation } from '../message/conversation.ts'
import type { OnlineMessage, Priority } from '../message/message.ts'
import type { SendFailure, SendResult } from '../message/send-result.ts'
import type { ReadonlyStore } from '../readonly-store.ts'
import type { TypingState } from '../typing/typing.ts'

/**
 * - `online`: messages can be sent and received, and their age can be judged (K1).
 * - `connecting`: the transport tries to get there. After a network drop it says this, and a typing session only pauses.
 * - `offline`: it does not try. The app has disconnected, somebody has logged out, or the connection has another identity
 *   now. A typing session ends (S9).
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
  /**
   * Forget who types, because it may not be true any more: after a sleep, or when a typing update has expired on its way
   * (R5). An expired message is no reason: it is dropped, and nothing else happens (K2).
   */
  reset?(): void
}

/**
 * Carries online messages. These rules hold for every transport:
 *
 * - **T1** Each message arrives at most once, and never late: nothing is queued across a disconnect.
 * - **T2** `send` never throws and never rejects.
 * - **T3** The trusted side writes `from`.
 * - **T4** Users never receive their own messages, on any of their devices.
 * - **T5** A transport is subscribed to a conversation from its first subscriber to its last, also after a reconnect.
 * - **T6** While it is connected and within limits, nothing is lost and the order is kept.
 * - **T7** It relies on no event that other code can take away. An app may remove all listeners of its socket; the transport
 *   still finds out what has changed, and knows which connection its state belongs to.
 * - **T8** Several transports, clients and components on one socket do not disturb each other: unsubscribing, a released
 *   lease or an answer of one changes nothing for another.
 * - **T9** Every change that `connection.getState()` would show is notified to the subscribers of `connection`.
 *
 * Where messages carry the time at which they were sent, three more rules keep them from arriving late:
 *
 * - **K1** It is `online` only while it knows the other side's clock with an error bound of at most a quarter of the age
 *   at which messages expire.
 * - **K2** An expired message is dropped, and nothing else happens. Only an expired typing update makes the transport ask
 *   again who types, at most once in 5 s.
 * - **K3** When a message is refused because of its age, the transport checks its clock.
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
