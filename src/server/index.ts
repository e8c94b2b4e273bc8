/**
 * The server plug-in: online messages and typing on an app's own Socket.IO server.
 */
export { attachOnlineMessages, type OnlineMessageServer } from './attach.ts'
export type { AuthorizationRequest, OnlineMessageServerOptions } from './options.ts'
export type { BusStats, DropReason, Stats } from './stats.ts'
export type { Conversation } from '../core/message/conversation.ts'
export type { Transport } from '../core/transport/transport.ts'
export type { User } from '../core/message/user.ts'
