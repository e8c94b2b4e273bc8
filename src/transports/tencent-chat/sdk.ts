/** An event of the SDK; what its data is depends on the event. */
export interface ChatEvent {
  readonly data?: unknown
}

/**
 * What is used of Tencent Chat's Web SDK: what `TencentCloudChat.create` of `@tencentcloud/chat` returns fits. Its own
 * types are not needed, and where they say an enum or a `String` object this says `unknown`.
 */
export interface ChatSDK {
  /** Whether SDK_READY has come. It stays true while the network is away. */
  isReady(): boolean
  /** The user id; empty while nobody is logged in. */
  getLoginUser(): unknown
  /** In milliseconds. Before SDK_READY it raises an unhandled rejection. */
  getServerTime(): unknown
  /** Calls the handler at every such event. */
  on(event: string, handler: (event: ChatEvent) => void): unknown
  /** Does so no more; it takes the same function. */
  off(event: string, handler: (event: ChatEvent) => void): unknown
  /** Before SDK_READY it raises an unhandled rejection. */
  createCustomMessage(options: { to: string; conversationType: unknown; priority?: unknown; payload: unknown }): unknown
  /** Sends what `createCustomMessage` has made. Rejects with a `code`, and often with no words. */
  sendMessage(message: unknown, options?: unknown): Promise<unknown>
}

// The SDK's words, as `TencentCloudChat.EVENT` and `TencentCloudChat.TYPES` have them.
export const SDK_READY = 'sdkStateReady'
export const SDK_NOT_READY = 'sdkStateNotReady'
export const KICKED_OUT = 'kickedOut'
export const NET_STATE_CHANGE = 'netStateChange'
export const MESSAGE_RECEIVED = 'onMessageReceived'
export const CONNECTED = 'connected'
export const CONNECTING = 'connecting'
export const DISCONNECTED = 'disconnected'
export const ONE_TO_ONE = 'C2C'
export const GROUP = 'GROUP'
export const CUSTOM = 'TIMCustomElem'

/** How a priority is called there. It counts in groups only. */
export const PRIORITIES = { high: 'High', normal: 'Normal', low: 'Low' } as const
