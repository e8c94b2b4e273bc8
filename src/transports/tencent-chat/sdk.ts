/** An event of the SDK. Its data depends on the event. */
export interface ChatEvent {
  readonly data?: unknown
}

/**
 * The part of Tencent Chat's Web SDK that is used here. What `TencentCloudChat.create` of `@tencentcloud/chat` returns fits,
 * and its types need not be installed: where they have an enum or a `String` object, this has `unknown`.
 */
export interface ChatSDK {
  /** Whether SDK_READY has come. It stays true while the network is away. */
  isReady(): boolean
  /** The id of the user; empty while nobody is logged in. */
  getLoginUser(): unknown
  /** The service's clock, in milliseconds since 1970. Before SDK_READY it raises an unhandled rejection. */
  getServerTime(): unknown
  /** Calls the handler at every event of this name. */
  on(event: string, handler: (event: ChatEvent) => void): unknown
  /** Ends that. It takes the same function. */
  off(event: string, handler: (event: ChatEvent) => void): unknown
  /** Before SDK_READY it raises an unhandled rejection. */
  createCustomMessage(options: { to: string; conversationType: unknown; priority?: unknown; payload: unknown }): unknown
  /** Sends what `createCustomMessage` has made. It rejects with a `code`, and often without a message. */
  sendMessage(message: unknown, options?: unknown): Promise<unknown>
}

// The SDK's words, as `TencentCloudChat.EVENT` and `TencentCloudChat.TYPES` have them.
export const SDK_READY = 'sdkStateReady'
export const SDK_NOT_READY = 'sdkStateNotReady'
export const KICKED_OUT = 'kickedOut'
export const NET_STATE_CHANGE = 'netStateChange'
export const MESSAGE_RECEIVED = 'onMessageReceived'
export const CONNECTED = 'connected'
export const DISCONNECTED = 'disconnected'
export const ONE_TO_ONE = 'C2C'
export const GROUP = 'GROUP'
export const CUSTOM = 'TIMCustomElem'

/** The SDK's names of the priorities. They count in groups only. */
export const PRIORITIES = { high: 'High', normal: 'Normal', low: 'Low' } as const
