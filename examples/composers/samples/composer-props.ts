import type { TypingInputOptions } from '../../../src/index.ts'

/** What every composer here is given by the app around it. */
export interface ComposerProps {
  /** The user written to. */
  readonly to: string
  /** What was left in the field last time. */
  readonly draft?: string | undefined
  readonly send: (text: string) => void
  readonly ignore?: TypingInputOptions['ignore']
}

/** A canned reply: what a program writes into the field is nobody's typing. */
export const REPLY = 'On my way!'
