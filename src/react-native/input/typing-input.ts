import type { TypingHandle } from '../../core/typing/typing-handles.ts'
import type { TypingActions } from '../../react/input/typing-actions.ts'
import type { TypingInputOptions } from '../../react/input/typing-input-options.ts'

/** What is read of the event that a `TextInput` gives to `onChange`. */
export interface TextChangeEvent {
  /** What the field has now is its `text`. */
  readonly nativeEvent: { readonly text: string }
}

/**
 * Spread them on a `TextInput`. They leave `onChangeText`, `onSubmitEditing`, `value` and everything else to the app, in
 * whichever order they are written.
 */
export interface TypingInputProps {
  /**
   * What is typed, dictated, pasted or corrected. An emptied field ends typing (S4). A text that a program sets does not
   * call it (S6).
   */
  readonly onChange: (event: TextChangeEvent) => void
  /**
   * The person has left the field or submitted the text, and the keyboard closes: typing ends at once (S4). A field that
   * keeps its focus when it is submitted does not call it: call `stop()` when you send.
   */
  readonly onEndEditing: () => void
}

/** The sending half of typing. All of it stays the same while client, conversation and `enabled` do. */
export interface TypingInput extends TypingActions {
  /** For a `TextInput`. */
  readonly inputProps: TypingInputProps
}

/**
 * Passes on what a person types in a `TextInput` (S6).
 *
 * @param handle `undefined` when no conversation is chosen: then nothing is sent.
 * @param getOptions reads the options of the latest render.
 * @returns `input` for the component, and `end`, which ends typing (S4).
 */
export function createTypingInput(
  handle: TypingHandle | undefined,
  getOptions: () => TypingInputOptions,
): { readonly input: TypingInput; readonly end: () => void } {
  /** An ignored text ends typing as an empty one does. */
  const withoutIgnored = (text: string) => (getOptions().ignore?.(text) ? '' : text)
  const stop = () => handle?.stop()

  const input: TypingInput = {
    inputProps: {
      onChange({ nativeEvent }) {
        const text = withoutIgnored(nativeEvent.text)
        // A function counts as a key whatever the text was before: after a sent message it may be the same again.
        handle?.keystroke(() => text)
      },
      onEndEditing: stop,
    },
    keystroke: (text) => handle?.keystroke(text === undefined ? undefined : withoutIgnored(text)),
    startActivity: (activity, options) => handle?.startActivity(activity, options) ?? (() => {}),
    stop,
  }
  return { input, end: stop }
}
