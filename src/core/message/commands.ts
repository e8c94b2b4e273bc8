import { MAX_COMMAND_LENGTH } from '../constants.ts'

/**
 * An app's own commands and the data of each. An app declares them once, by augmenting this interface; `send`,
 * `subscribe` and `useOnlineMessage` then check both. Without a declaration every string is a command, and its data is
 * `unknown`.
 *
 * ```ts
 * declare module 'react-online-message' {
 *   interface OnlineMessageCommands { reaction: { emoji: string } }
 * }
 * ```
 */
// It is empty because apps fill it: the linter's rule against empty interfaces allows this one name.
export interface OnlineMessageCommands {}

/** The commands that an app has declared, or any string if it has declared none. */
export type Command = [keyof OnlineMessageCommands] extends [never] ? string : keyof OnlineMessageCommands & string

/** The data of a command. */
export type CommandData<C extends string> = C extends keyof OnlineMessageCommands ? OnlineMessageCommands[C] : unknown

/** Whether a value can be a command. */
export const isCommand = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= MAX_COMMAND_LENGTH

/** The command of typing, with Tencent Chat's name for it. It is reserved: `client.typing()` sends it. */
export const TYPING_COMMAND = 'textInput'
