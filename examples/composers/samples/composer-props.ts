import type { TypingInputOptions } from '../../../src/index.ts'

/** The props of every composer in this folder. */
export interface ComposerProps {
  /** The id of the user to whom the text is sent. */
  readonly user: string
  /** The text that the field begins with: what was not sent last time. */
  readonly draft?: string | undefined
  readonly send: (text: string) => void
  readonly ignore?: TypingInputOptions['ignore']
}

/** A canned reply. A text that the program writes into the field does not count as typing. */
export const REPLY = 'On my way!'
