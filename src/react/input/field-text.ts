/** Fields whose value is a text that a person writes, textarea among them; a password is nobody's business. */
const TEXT_TYPES = /^(text|tel|search|url|email)/

/** What editors put into an empty field so that the caret has a place: U+200B and U+FEFF. */
const FILLERS = /[\u200B\uFEFF]/g

interface Field extends Element {
  readonly value?: string
  readonly type?: string
}

/**
 * How to read the text of the field an event came from: its value, else the text of the closest contenteditable.
 * Nothing when it came from something that is no text field.
 */
export function fieldText(target: EventTarget): false | null | (() => string) {
  const { value, type } = target as Field
  const field: false | null | Field =
    value === undefined
      ? (target as Field).closest('[contenteditable]')
      : // What has a value and no type is a custom element.
        TEXT_TYPES.test(type ?? 'text') && (target as Field)
  return field && (() => (field.value ?? written(field)).replace(FILLERS, ''))
}

/** Slate writes its placeholder into the field itself; other editors draw theirs beside it, or by a style sheet. */
const written = (field: Element): string =>
  field.textContent.replace(field.querySelector('[data-slate-placeholder]')?.textContent ?? '', '')
