import { createLifecycleStore } from '../../core/lifecycle-store.ts'
import type { ReadonlyStore } from '../../core/readonly-store.ts'
import type { ConnectionState } from '../../core/transport/transport.ts'
import {
  type ChatEvent,
  type ChatSDK,
  CONNECTED,
  DISCONNECTED,
  KICKED_OUT,
  MESSAGE_RECEIVED,
  NET_STATE_CHANGE,
  SDK_NOT_READY,
  SDK_READY,
} from './sdk.ts'

/** What `createChatConnection` calls. */
export interface ChatConnectionListener {
  /** The SDK has received messages, of whatever kind. Called only while online: before that nobody knows their age. */
  onMessages(messages: readonly unknown[]): void
  /** The last subscriber has gone: the SDK is not watched any more. */
  onStop(): void
}

/**
 * Whether the SDK can send and receive now. It listens to the SDK while it has subscribers. Without subscribers it knows
 * only what `isReady()` says, and the SDK stays ready without a network.
 */
export function createChatConnection(chat: ChatSDK, listener: ChatConnectionListener): ReadonlyStore<ConnectionState> {
  /** What the SDK has said of the network since SDK_READY, or since the first subscriber. */
  let network: unknown
  /** Whether a login has ended and no other has begun. */
  let isLoginOver = false

  const getState = (): ConnectionState => {
    if (!chat.isReady()) return isLoginOver ? 'offline' : 'connecting'
    if (network === undefined || network === CONNECTED) return 'online'
    // Without a network the SDK tries to connect until the login is over. A typing session only pauses then (S9).
    return isLoginOver ? 'offline' : 'connecting'
  }
  const enter = (next: { readonly isLoginOver: boolean; readonly network: unknown }) => {
    isLoginOver = next.isLoginOver
    network = next.network
    store.setState(getState())
  }

  const handlers: Readonly<Record<string, (event: ChatEvent) => void>> = {
    [SDK_READY]: () => enter({ isLoginOver: false, network: undefined }),
    [SDK_NOT_READY]: () => enter({ isLoginOver: true, network: undefined }),
    // It comes before `isReady()` turns false.
    [KICKED_OUT]: () => enter({ isLoginOver: true, network: DISCONNECTED }),
    [NET_STATE_CHANGE]({ data }) {
      const { state } = Object(data) as { readonly state?: unknown }
      enter({ isLoginOver, network: state })
    },
    [MESSAGE_RECEIVED]({ data }) {
      if (getState() === 'online' && Array.isArray(data)) listener.onMessages(data)
    },
  }

  const store = createLifecycleStore<ConnectionState>('connecting', () => {
    for (const [event, handler] of Object.entries(handlers)) chat.on(event, handler)
    store.setState(getState())
    return () => {
      for (const [event, handler] of Object.entries(handlers)) chat.off(event, handler)
      // Nobody says any more how the network is.
      network = undefined
      listener.onStop()
    }
  })

  return { getState, getInitialState: store.getInitialState, subscribe: store.subscribe }
}
