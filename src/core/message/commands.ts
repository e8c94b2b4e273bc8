import { MAX_COMMAND_LENGTH } from '../constants.ts'

/**
 * An app's own commands and their data, declared once by augmenting this interface. `send`, `subscribe` and
 * `useOnlineMessage` then check both. Without a declaration every command is a string and its data `unknown`.
 *
 * ```ts
 * declare module 'react-online-message' {
 *   interface OnlineMessageCommands { reaction: { emoji: string } }
 * }
 * ```
 */
// eslint's rule against empty interfaces is configured to allow this one name: it is there to be filled.
export interface OnlineMessageCommands {}

/** The names an app has declared, or any string while it has declared none. */
export type Command = [keyof OnlineMessageCommands] extends [never] ? string : keyof OnlineMessageCommands & string

/** What a command carries. */
export type CommandData<C extends string> = C extends keyof OnlineMessageCommands ? OnlineMessageCommands[C] : unknown

/** Whether this can be a command. */
export const isCommand = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= MAX_COMMAND_LENGTH

/** The command of typing. It is Tencent Chat's word for it, and reserved: `client.typing()` sends it. */
export const TYPING_COMMAND = 'textInput'
