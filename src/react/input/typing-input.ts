import type { OnlineMessageClient } from '../../core/client.ts'
import type { TypingHandle } from '../../core/typing/typing-handles.ts'
import type { Conversation } from '../../core/message/conversation.ts'
import { fieldText } from './field-text.ts'
import type { Latest } from '../hooks/use-conversation.ts'

/** What is shared of one's own typing. */
export interface TypingInputOptions {
  /**
   * Whether others see that this person types: a privacy switch. `false` ends typing at once (S4).
   * @default true
   */
  readonly enabled?: boolean | undefined
  /**
   * Called with the field's text. Return `true` for a text that is no typing, a slash command for example: others see
   * nothing, and typing that they saw before ends.
   * @default every text counts as typing
   */
  readonly ignore?: ((text: string) => boolean) | undefined
}

/** What the handlers need of an event, whatever version of React made it. */
export interface TypingInputEvent {
  /** The event's name. */
  readonly type: string
  /** The field, or something in it. */
  readonly target: EventTarget
  /** What `inputProps` are spread on. */
  readonly currentTarget: EventTarget
}

/** Spread it on the field or on anything around it. It leaves the app's own `onInput`, `onChange` and `ref` alone. */
export interface TypingInputProps {
  /** No typing: it makes ready to hear what is dictated. */
  readonly onFocusCapture: (event: TypingInputEvent) => void
  /** What is typed, composed by an input method, swiped, pasted, cut or undone. */
  readonly onInputCapture: (event: TypingInputEvent) => void
  /** For editors that take keys for themselves, and for an Enter that sends and empties the field. */
  readonly onKeyDownCapture: (event: TypingInputEvent) => void
  /** For editors that take a paste for themselves. */
  readonly onPasteCapture: (event: TypingInputEvent) => void
  /** For editors that take a cut for themselves. */
  readonly onCutCapture: (event: TypingInputEvent) => void
  /** For editors that take what is dropped for themselves. */
  readonly onDropCapture: (event: TypingInputEvent) => void
}

/** The sending half of typing. All of it stays the same while client, conversation and `enabled` do. */
export interface TypingInput extends Omit<TypingHandle, 'keystroke'> {
  /**
   * A person has pressed a key, pasted, dictated (S6): for editors where `inputProps` see nothing. With a text, an empty
   * one ends typing and an unchanged one is ignored.
   */
  keystroke(text?: string): void
  /** For an `<input>`, a `<textarea>`, a contenteditable, or anything around one. */
  readonly inputProps: TypingInputProps
}

/**
 * Tells the client what a person does in a field (S6). What a program does fires none of these events, or leaves the
 * text as it is between one task and the next.
 *
 * @param conversation `null` when none is chosen: nothing is sent.
 */
export function createTypingInput(
  client: OnlineMessageClient,
  conversation: Conversation | null,
  latest: Latest<TypingInputOptions>,
): readonly [TypingInput, () => () => void] {
  const handle = conversation && client.typing(conversation)
  let timer: ReturnType<typeof setTimeout> | undefined
  let listening = new AbortController()

  /** What is not to be shared counts as an empty field. */
  const keystroke = (text?: string, read?: () => string) =>
    handle?.keystroke(text && latest.current.ignore?.(text) ? '' : (read ?? text))

  const heard = ({ type, target, currentTarget }: TypingInputEvent) => {
    // Dictated words that an editor writes by itself are told by this event only, and React has no prop for it.
    currentTarget.addEventListener('beforeinput', heard as EventListener, { capture: true, signal: listening.signal })
    const read = type !== 'focus' && fieldText(target)
    if (!read) return
    const before = read()
    clearTimeout(timer)
    if (type === 'input') keystroke(before, read)
    else {
      // Some editors take a key or a paste for themselves and let no input event out; and an Enter may empty the field.
      timer = setTimeout(() => {
        const text = read()
        if (text !== before) keystroke(text, read)
      })
    }
  }

  const stop = () => {
    clearTimeout(timer)
    handle?.stop()
  }

  return [
    {
      inputProps: {
        onFocusCapture: heard,
        onInputCapture: heard,
        onKeyDownCapture: heard,
        onPasteCapture: heard,
        onCutCapture: heard,
        onDropCapture: heard,
      },
      keystroke: (text) => keystroke(text),
      startActivity: (activity, options) => handle?.startActivity(activity, options) ?? (() => {}),
      stop,
    },
    () => () => {
      listening.abort()
      listening = new AbortController()
      stop()
    },
  ]
}
