/**
 * Values of `type` of the fields in which a person writes text; `textarea` is that of a `<textarea>`. A password is not
 * among them: nothing about it is anybody else's business, not even that it is being typed.
 */
const TEXT_TYPES = ['text', 'textarea', 'search', 'tel', 'url', 'email']

/** What editors put into an empty field so that the caret has a place: U+200B and U+FEFF. */
const FILLERS = /[\u200B\uFEFF]/g

/** A text field, or an element with editable content. */
export interface Field {
  /** The text that it has now, without what an editor has added to it. */
  readonly read: () => string
}

/** What an `<input>`, a `<textarea>` and many custom elements have, and an editable element has not. */
interface FieldElement extends Element {
  readonly value?: string | null
  readonly type?: string | null
}

/** The field in which an event happened, or `undefined` when it happened elsewhere. */
export function findField(target: EventTarget): Field | undefined {
  const element = findFieldElement(target as FieldElement)
  if (!element) return undefined
  return { read: () => readText(element).replace(FILLERS, '') }
}

function findFieldElement(target: FieldElement): FieldElement | undefined {
  if (target.value === undefined) return target.closest('[contenteditable]') ?? undefined
  // A custom element may have a value and no type.
  const type = target.type ?? 'text'
  return TEXT_TYPES.includes(type) ? target : undefined
}

function readText(field: FieldElement): string {
  if (typeof field.value === 'string') return field.value
  // Slate writes its placeholder into the field. Other editors draw theirs beside it, or with a style sheet.
  const placeholder = field.querySelector('[data-slate-placeholder]')
  return field.textContent.replace(placeholder?.textContent ?? '', '')
}
