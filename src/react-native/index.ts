/**
 * Online messages and typing indicators for React Native: the client, the same hooks, and a badge of `View` and `Text`.
 * Importing it makes every client follow the state of the app: in the background nobody is shown typing.
 */
import { setVisibilitySource } from '../core/page-lifecycle.ts'
import { appVisibility } from './app-visibility.ts'

setVisibilitySource(appVisibility)

export * from '../core/index.ts'
export type { TypingBadgeState } from '../react/badge/typing-badge-options.ts'
export { useConnection } from '../react/hooks/use-connection.ts'
export { useOnlineMessageClient } from '../react/hooks/use-online-message-client.ts'
export {
  useOnlineMessage,
  type SendOnlineMessage,
  type UseOnlineMessageOptions,
} from '../react/hooks/use-online-message.ts'
export { useTypists } from '../react/hooks/use-typists.ts'
export type { TypingInputOptions } from '../react/input/typing-input-options.ts'
export type { StandardSchemaV1 } from '../react/message-channel/standard-schema.ts'
export { OnlineMessageProvider, type OnlineMessageProviderProps } from '../react/provider.tsx'
export type { TypingBadgeProps } from './badge/typing-badge-props.ts'
export { TypingBadge } from './badge/typing-badge.tsx'
export type { TextChangeEvent, TypingInput, TypingInputProps } from './input/typing-input.ts'
export { useTypingIndicator, type TypingIndicator } from './input/use-typing-indicator.ts'
export { useTypingInput } from './input/use-typing-input.ts'
