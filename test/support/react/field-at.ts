import { type Field, findField } from '../../../src/react/input/field.ts'

/** The field in which an event at `target` happens, for the `inputProps` of an element around it. */
export function fieldAt(target: Element, currentTarget: Element = document.body): Field | undefined {
  let field: Field | undefined
  const find = (nativeEvent: Event) => {
    field = findField({ type: 'keydown', currentTarget, nativeEvent })
  }
  document.addEventListener('keydown', find, { capture: true, once: true })
  target.dispatchEvent(new KeyboardEvent('keydown', { key: 'Shift', bubbles: true, composed: true }))
  return field
}
