import { describe, expect, test } from 'vitest'
import type { EnginePage } from '../../support/engines/engine.ts'
import type { Bench } from './check-engine.ts'

const FIELD = '#field'

/** What a document has for its editor. No other way to undo works in all engines. */
interface Editing {
  execCommand(name: 'undo' | 'redo'): boolean
}

/** The key that is held for cut, copy and paste. */
const COMMAND = process.platform === 'darwin' ? 'Meta' : 'Control'

const textOf = (page: EnginePage) =>
  page.evaluate(() => {
    const field = document.querySelector<HTMLElement>('#field')!
    return 'value' in field ? String(field.value) : field.textContent
  })

/** All that Bob has seen, in order: so a flicker is seen as well. */
const bobHasSeen = (page: EnginePage) => page.evaluate(() => window.bobHasSeen)
const untilBobHasSeen = (page: EnginePage, ...states: readonly string[]) =>
  expect.poll(() => bobHasSeen(page), { timeout: 3000 }).toEqual(states)

export function checkField(bench: Bench): void {
  const openField = async (name: string, open = bench.open) => {
    const page = await open(`${bench.pages.field}?field=${name}`)
    await page.click(FIELD)
    return page
  }

  describe.each(['input', 'textarea', 'contenteditable'])('real keys in: %s', (name) => {
    test('S1, S4: keys count, and deleting the last character ends typing', async () => {
      const page = await openField(name)
      await page.press('H', 'i')
      await untilBobHasSeen(page, 'typing')
      await page.press('Backspace', 'Backspace')
      await untilBobHasSeen(page, 'typing', 'nobody')
    })

    test('S4, S6: cutting everything ends typing, and pasting it and undoing the paste count', async () => {
      const page = await openField(name)
      await page.press('H', 'i', '!')
      await page.chord(COMMAND, 'a')
      await page.chord(COMMAND, 'x')
      await untilBobHasSeen(page, 'typing', 'nobody')
      await page.chord(COMMAND, 'v')
      await untilBobHasSeen(page, 'typing', 'nobody', 'typing')
      expect(await textOf(page)).toBe('Hi!')
      // The command and not its keys: WebKitGTK binds no keys to it.
      await page.evaluate(() => (document as unknown as Editing).execCommand('undo'))
      await expect.poll(() => textOf(page)).toBe('')
      await untilBobHasSeen(page, 'typing', 'nobody', 'typing', 'nobody')
      await page.evaluate(() => (document as unknown as Editing).execCommand('redo'))
      await untilBobHasSeen(page, 'typing', 'nobody', 'typing', 'nobody', 'typing')
    })

    test('S4: a word of an input method in an empty field is typing without a gap', async () => {
      // Firefox: an input method writes in the newest window.
      const page = await openField(name, bench.openNewWindow)
      await page.compose('日')
      await expect.poll(() => textOf(page)).toBe('日')
      await untilBobHasSeen(page, 'typing')
      await page.press('Backspace')
      await untilBobHasSeen(page, 'typing', 'nobody')
    })

    test('S6: focus, modifiers, keys that move the caret, and a text set by a program do not count', async () => {
      const page = await openField(name)
      await page.press('Shift', 'Control', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'Escape')
      // What a key does is known in the next task: a text that a program sets before it would count as that of the key.
      await page.evaluate(() => new Promise<void>((resolve) => void setTimeout(resolve)))
      await page.evaluate(() => {
        const field = document.querySelector<HTMLElement>('#field')!
        if ('value' in field) field.value = 'A draft'
        else field.textContent = 'A draft'
      })
      await page.press('Tab')
      await page.evaluate(() => new Promise<void>((resolve) => void setTimeout(resolve)))
      expect(await bobHasSeen(page)).toEqual([])
      await page.click(FIELD)
      await page.press('!')
      await untilBobHasSeen(page, 'typing')
    })
  })

  describe('real keys in: a field that sends', () => {
    test('S4: an Enter that sends and empties the field ends typing', async () => {
      const page = await openField('sending')
      await page.press('H', 'i')
      await untilBobHasSeen(page, 'typing')
      await page.press('Enter')
      await untilBobHasSeen(page, 'typing', 'nobody')
      expect(await textOf(page)).toBe('')
    })
  })
}
