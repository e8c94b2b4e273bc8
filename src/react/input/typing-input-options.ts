/** What others see of one's own typing. */
export interface TypingInputOptions {
  /**
   * Whether others see that this person is typing: a privacy switch. `false` ends typing at once (S4).
   * @default true
   */
  readonly enabled?: boolean | undefined
  /**
   * Called with the field's text. Return `true` for a text that does not count as typing, for example a slash command:
   * others see nothing, and typing that they saw before ends.
   * @default every text counts as typing
   */
  readonly ignore?: ((text: string) => boolean) | undefined
}
