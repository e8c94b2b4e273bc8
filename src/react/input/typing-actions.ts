import type { TypingHandle } from '../../core/typing/typing-handles.ts'

/** What a component can say about a person's typing by itself. */
export interface TypingActions extends Omit<TypingHandle, 'keystroke'> {
  /**
   * Says that a person has pressed a key, pasted or dictated (S6): for editors whose events `inputProps` do not see. With
   * a text, an empty one ends typing and an unchanged one is ignored.
   */
  keystroke(text?: string): void
}
