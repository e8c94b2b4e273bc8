/** What a person can do with the field of the composer on the page. */
import { expect } from 'vitest'
import { cdp, userEvent } from 'vitest/browser'

/** Some libraries add a hidden copy of the field, by which they measure. */
export const findField = (): HTMLElement | null =>
  document.querySelector('textarea:not([aria-hidden]), input:not([aria-hidden]), [contenteditable=true]')

/** The text in the field, without the placeholder that a library shows in an empty field. */
export function fieldText(): unknown {
  const field = findField()
  if (!field || 'value' in field) return field?.value
  const copy = field.cloneNode(true) as HTMLElement
  copy.querySelector('[data-slate-placeholder]')?.remove()
  return copy.textContent.replace(/[\u200B\uFEFF]/g, '')
}

export const reads = (text: string): Promise<void> => expect.poll(fieldText, { interval: 10 }).toBe(text)

export async function clickField(): Promise<void> {
  await expect.poll(findField, { interval: 10 }).not.toBeNull()
  await userEvent.click(findField()!)
}

export const press = (keys: string): Promise<void> => userEvent.keyboard(keys)

export const selectAll = (): Promise<void> => press('{ControlOrMeta>}a{/ControlOrMeta}')

/** Text that an input method shows before the person has chosen. */
export async function compose(text: string): Promise<void> {
  await cdp().send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
}

/** Text that arrives without a key: the choice of an input method, a swipe, dictation. */
export async function insert(text: string): Promise<void> {
  await cdp().send('Input.insertText', { text })
}

/**
 * Clicks an item of a menu: no key, no input method. An editor may handle the event itself.
 *
 * @param createEvent makes the event that the browser dispatches to the field.
 * @returns whether the browser has to do it, because the editor has not.
 */
async function clickMenuItem(createEvent: () => Event): Promise<boolean> {
  const item = document.body.appendChild(document.createElement('button'))
  // The field keeps the focus.
  item.onmousedown = (mouse) => mouse.preventDefault()
  const isLeftToTheBrowser = new Promise<boolean>((resolve) => {
    item.onclick = () => resolve(findField()!.dispatchEvent(createEvent()))
  })
  await userEvent.click(item)
  item.remove()
  return isLeftToTheBrowser
}

const EVENT_INIT = { bubbles: true, cancelable: true }

const clipboardWith = (text: string) => {
  const data = new DataTransfer()
  data.setData('text/plain', text)
  return data
}

/** Chooses a word of the spelling checker for the selected one. */
export async function pickWord(text: string): Promise<void> {
  const createEvent = () =>
    new InputEvent('beforeinput', {
      ...EVENT_INIT,
      inputType: 'insertReplacementText',
      dataTransfer: clipboardWith(text),
      targetRanges: [new StaticRange(getSelection()!.getRangeAt(0))],
    })
  if (await clickMenuItem(createEvent)) await insert(text)
}

export async function pickPaste(text: string): Promise<void> {
  if (await clickMenuItem(() => new ClipboardEvent('paste', { ...EVENT_INIT, clipboardData: clipboardWith(text) })))
    await insert(text)
}

export async function pickCut(): Promise<void> {
  if (!(await clickMenuItem(() => new ClipboardEvent('cut', { ...EVENT_INIT, clipboardData: new DataTransfer() }))))
    return
  const field = findField()!
  if (field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement) field.setRangeText('')
  else getSelection()!.deleteFromDocument()
  field.dispatchEvent(new InputEvent('input', { inputType: 'deleteByCut', bubbles: true }))
}
