import type { TypingHandle } from '../../core/typing/typing-handles.ts'
import { type Field, findField } from './field.ts'
import type { TypingActions } from './typing-actions.ts'
import type { TypingInputEvent } from './typing-input-event.ts'
import type { TypingInputOptions } from './typing-input-options.ts'
import { watchElement } from './watch-element.ts'

/**
 * How long a field may be empty between the composed text and the text that replaces it, in milliseconds. When an input
 * method commits a word, WebKit removes the composed text in one task and inserts the word in another: 2 to 13 ms later, and
 * more than 50 ms on a busy machine. Only time tells it from a composition that the person has cancelled: after that, typing
 * ends half a second late, which disturbs less than a gap.
 */
const REPLACEMENT_TIMEOUT = 500

/** Spread them on the field or on an element around it. The app's own `onInput`, `onChange` and `ref` keep working. */
export interface TypingInputProps {
  /** Focusing a field does not count as typing. It lets the next `beforeinput` event be seen, the only sign of dictation. */
  readonly onFocusCapture: (event: TypingInputEvent) => void
  /** What is typed, composed by an input method, swiped, pasted, cut or undone. */
  readonly onInputCapture: (event: TypingInputEvent) => void
  /** For editors that handle keys themselves, and for an Enter that sends and empties the field. */
  readonly onKeyDownCapture: (event: TypingInputEvent) => void
  /** For editors that handle a paste themselves. */
  readonly onPasteCapture: (event: TypingInputEvent) => void
  /** For editors that handle a cut themselves. */
  readonly onCutCapture: (event: TypingInputEvent) => void
  /** For editors that handle a drop themselves. */
  readonly onDropCapture: (event: TypingInputEvent) => void
}

/** The sending half of typing. All of it stays the same while client, conversation and `enabled` do. */
export interface TypingInput extends TypingActions {
  /** For an `<input>`, a `<textarea>`, a contenteditable, or an element around one. */
  readonly inputProps: TypingInputProps
}

/**
 * Decides which events in a field are a person's typing (S6), and passes them on. A change that a program makes fires
 * none of these events, or leaves the text as it is between one task and the next.
 *
 * @param handle `undefined` when no conversation is chosen: then nothing is sent.
 * @param getOptions reads the options of the latest render.
 * @returns `input` for the component, and `end`, which ends typing (S4). After `end` the input can be used again, as
 * StrictMode does.
 */
export function createTypingInput(
  handle: TypingHandle | undefined,
  getOptions: () => TypingInputOptions,
): { readonly input: TypingInput; readonly end: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let replacementTimer: ReturnType<typeof setTimeout> | undefined
  let unwatch = () => {}

  const isIgnored = (text: string) => text !== '' && getOptions().ignore?.(text)

  // An ignored text ends typing as an empty one does. Otherwise the client gets `read`, not the text: a key that leaves
  // the text unchanged counts too, and the client reads the field again before each renewal.
  const countKeystroke = (text: string, { read }: Field) => handle?.keystroke(isIgnored(text) ? '' : read)

  const onEvent = (event: TypingInputEvent) => {
    const { type, currentTarget, nativeEvent } = event
    // At each event, because an app may move the element into another window.
    unwatch()
    unwatch = watchElement(currentTarget, { onBeforeInput: onEvent, onWindowHidden: stop })
    if (type === 'focus') return
    const field = findField(event)
    if (!field) return

    const textBefore = field.read()
    clearTimeout(timer)
    if (type === 'input') {
      clearTimeout(replacementTimer)
      // Either the committed text follows, or the person has cancelled the composition.
      if (textBefore === '' && nativeEvent.inputType === 'deleteCompositionText') {
        replacementTimer = setTimeout(() => countKeystroke(field.read(), field), REPLACEMENT_TIMEOUT)
        return
      }
      countKeystroke(textBefore, field)
      return
    }
    // An editor that handles a key or a paste itself may fire no input event, and an Enter may empty the field. Both have
    // changed the text by the next task.
    timer = setTimeout(() => {
      const text = field.read()
      if (text !== textBefore) countKeystroke(text, field)
    })
  }

  const stop = () => {
    clearTimeout(timer)
    clearTimeout(replacementTimer)
    handle?.stop()
  }

  const input: TypingInput = {
    inputProps: {
      onFocusCapture: onEvent,
      onInputCapture: onEvent,
      onKeyDownCapture: onEvent,
      onPasteCapture: onEvent,
      onCutCapture: onEvent,
      onDropCapture: onEvent,
    },
    keystroke(text) {
      const isEnd = text !== undefined && isIgnored(text)
      handle?.keystroke(isEnd ? '' : text)
    },
    startActivity: (activity, options) => handle?.startActivity(activity, options) ?? (() => {}),
    stop,
  }

  const end = () => {
    unwatch()
    stop()
  }

  return { input, end }
}
