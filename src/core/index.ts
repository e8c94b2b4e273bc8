/**
 * Online messages without a framework: the types, the client, and the sentence that says who types.
 */
export {
  createOnlineMessageClient,
  type OnlineMessageClient,
  type OnlineMessageClientOptions,
  type SendArguments,
  type SendOptions,
} from './client.ts'
export type { Command, CommandData, OnlineMessageCommands } from './message/commands.ts'
export type { Conversation } from './message/conversation.ts'
export { isFailure } from './message/failure.ts'
export type { OnlineMessageError } from './message/online-message-error.ts'
export type { AndWord, PluralCategory, PluralForms, PluralRule, Sentence, TypingLocale } from './language/locale.ts'
export type { OnlineMessage, Priority } from './message/message.ts'
export type { SendFailure, SendFailureCode, SendResult } from './message/send-result.ts'
export type { ReadonlyStore } from './readonly-store.ts'
export { formatTyping, formatTypingParts, type TypingPart } from './language/format-typing.ts'
export type {
  ConnectionState,
  OutgoingMessage,
  Transport,
  TransportListener,
  TransportSendOptions,
} from './transport/transport.ts'
export type { ActivityOptions, TypingHandle } from './typing/typing-handles.ts'
export type { Activity, TypingLease, TypingState, Typist } from './typing/typing.ts'
export type { User } from './message/user.ts'
