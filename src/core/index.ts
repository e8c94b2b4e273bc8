/**
 * Online messages without a framework: the words, the client, the typing machines behind it, the sentence.
 */
export {
  createOnlineMessageClient,
  type OnlineMessageClient,
  type OnlineMessageClientOptions,
  type SendOptions,
  type TypingHandle,
} from './client.ts'
export type { Command, CommandData, OnlineMessageCommands } from './commands.ts'
export type { Conversation } from './conversation.ts'
export type { OnlineMessageError } from './failure.ts'
export type { PluralForms, Sentence, TypingLocale } from './locale.ts'
export type { OnlineMessage, Priority, SendFailure, SendFailureCode, SendResult } from './message.ts'
export type { ReadonlyStore } from './read-only-store.ts'
export { formatTyping } from './sentence.ts'
export type { ConnectionState, OutgoingMessage, Transport, TransportListener } from './transport.ts'
export type { Activity, Digest, TypingLease, TypingState, Typist } from './typing.ts'
export type { User } from './user.ts'
