/** What a person does to the field of the composer that is drawn. */
import { expect } from 'vitest'
import { cdp, userEvent } from 'vitest/browser'

/** Some libraries put a hidden twin beside it to measure by. */
export const findField = (): HTMLElement | null =>
  document.querySelector('textarea:not([aria-hidden]), input:not([aria-hidden]), [contenteditable=true]')

/** What is written there. What a library shows in an empty field is not. */
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

/** What an input method shows before it has decided. */
export async function compose(text: string): Promise<void> {
  await cdp().send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
}

/** What arrives without a key: an input method's choice, a swipe, words that were spoken. */
export async function insert(text: string): Promise<void> {
  await cdp().send('Input.insertText', { text })
}

/**
 * Picks an item of a menu: no key, no input method. An editor that hears of it may do the work itself.
 *
 * @param event what the browser tells the field.
 * @returns whether the work is left to the browser.
 */
async function pick(event: () => Event): Promise<boolean> {
  const item = document.body.appendChild(document.createElement('button'))
  // The field keeps the focus.
  item.onmousedown = (mouse) => mouse.preventDefault()
  const left = new Promise<boolean>((resolve) => {
    item.onclick = () => resolve(findField()!.dispatchEvent(event()))
  })
  await userEvent.click(item)
  item.remove()
  return left
}

const TOLD = { bubbles: true, cancelable: true }

const holding = (text: string) => {
  const data = new DataTransfer()
  data.setData('text/plain', text)
  return data
}

/** A word of the spelling checker, for what is selected. */
export async function pickWord(text: string): Promise<void> {
  const replacing = () =>
    new InputEvent('beforeinput', {
      ...TOLD,
      inputType: 'insertReplacementText',
      dataTransfer: holding(text),
      targetRanges: [new StaticRange(getSelection()!.getRangeAt(0))],
    })
  if (await pick(replacing)) await insert(text)
}

export async function pickPaste(text: string): Promise<void> {
  if (await pick(() => new ClipboardEvent('paste', { ...TOLD, clipboardData: holding(text) }))) await insert(text)
}

export async function pickCut(): Promise<void> {
  if (!(await pick(() => new ClipboardEvent('cut', { ...TOLD, clipboardData: new DataTransfer() })))) return
  const field = findField()!
  if (field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement) field.setRangeText('')
  else getSelection()!.deleteFromDocument()
  field.dispatchEvent(new InputEvent('input', { inputType: 'deleteByCut', bubbles: true }))
}
