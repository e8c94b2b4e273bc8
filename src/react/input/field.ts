import { isCustomElement, isElement, NO_TYPING, readContent, withoutFillers } from './field-content.ts'
import type { TypingInputEvent } from './typing-input-event.ts'

/**
 * Values of `type` of the fields in which a person writes text; `textarea` is that of a `<textarea>`. A number and a date
 * are settings and not a message. Nothing about a password is anybody else's business, not even that it is being typed.
 */
const TEXT_TYPES = ['text', 'textarea', 'search', 'tel', 'url', 'email']

/** Parts of a composer whose text is not the message: the search field of an emoji picker, and what the app has marked. */
const NO_MESSAGE = `${NO_TYPING}, [type=search], [role=searchbox], [role=search], search`

const EDITABLE = '[contenteditable=""], [contenteditable=true], [contenteditable=plaintext-only]'

/** A text field, or an element with editable content. */
export interface Field {
  /** The text that it has now, without what an editor has added to it. */
  readonly read: () => string
}

/** What `<input>`, `<textarea>` and many custom elements have. */
interface Control extends Element {
  readonly value: string
  readonly type?: string | null
  readonly readOnly?: boolean
  readonly disabled?: boolean
}

/** The field in which an event happened, or `undefined` when it happened elsewhere. */
export function findField({ currentTarget, nativeEvent }: TypingInputEvent): Field | undefined {
  // The path begins at the element in which the person types, inside of all open shadow roots. What is rendered elsewhere
  // in the page, by a portal, is inside the composer for React and not in this path.
  const path = nativeEvent.composedPath?.() ?? []
  const inside = path.slice(0, path.indexOf(currentTarget) + 1).filter(isElement)
  const isLeftOut = inside.some((element) => element.matches(element === currentTarget ? NO_TYPING : NO_MESSAGE))
  const target = inside[0]
  if (!target || isLeftOut) return undefined

  const control = isControl(target) ? target : undefined
  if (control && !isForText(control)) return undefined
  // In an editor the whole of it is the field, also while a person types in a caption or beside an uneditable mention.
  const editor = inside.reverse().find((element) => element.matches(EDITABLE))
  if (editor) return { read: () => withoutFillers(readContent(editor)) }
  return control && { read: () => withoutFillers(control.value) }
}

/** Whether an element takes keys by itself. An `<li>` and a `<progress>` have a value as well, and are no controls. */
function isControl(element: Element): element is Control {
  if (element.matches('input, textarea, select, button')) return true
  return isCustomElement(element) && typeof (element as Partial<Control>).value === 'string'
}

/** Whether a person writes text in it. A custom element may have a value and no type. */
function isForText({ type, readOnly, disabled }: Control): boolean {
  return TEXT_TYPES.includes(type || 'text') && !readOnly && !disabled
}
