/** Input as WebDriver and WebDriver BiDi describe it. */
import type { Key } from './engine.ts'

/** The characters by which WebDriver knows the keys that write nothing. */
const CODES: Readonly<Record<string, string>> = {
  Backspace: '\uE003',
  Tab: '\uE004',
  Enter: '\uE007',
  Shift: '\uE008',
  Control: '\uE009',
  Alt: '\uE00A',
  Escape: '\uE00C',
  End: '\uE010',
  Home: '\uE011',
  ArrowLeft: '\uE012',
  ArrowRight: '\uE014',
  Delete: '\uE017',
}

interface Action {
  readonly type: 'keyDown' | 'keyUp'
  readonly value: string
}

const down = (key: Key): Action => ({ type: 'keyDown', value: CODES[key] ?? key })
const up = (key: Key): Action => ({ type: 'keyUp', value: CODES[key] ?? key })

const keyboard = (actions: readonly Action[]) => [{ type: 'key', id: 'keyboard', actions }]

export const pressing = (keys: readonly Key[]): unknown => keyboard(keys.flatMap((key) => [down(key), up(key)]))

export const holding = (keys: readonly Key[]): unknown => keyboard([...keys.map(down), ...keys.map(up).reverse()])

/** Where the middle of an element is in the window, after it was scrolled into view. It runs in the page. */
export function middleOf(selector: string): { x: number; y: number } {
  const element = document.querySelector(selector)
  if (!element) throw new Error(`There is no ${selector}`)
  element.scrollIntoView({ block: 'center', behavior: 'instant' })
  const { x, y, width, height } = element.getBoundingClientRect()
  return { x: Math.round(x + width / 2), y: Math.round(y + height / 2) }
}

export const clickingAt = ({ x, y }: { readonly x: number; readonly y: number }): unknown => [
  {
    type: 'pointer',
    id: 'mouse',
    parameters: { pointerType: 'mouse' },
    actions: [
      { type: 'pointerMove', x, y, origin: 'viewport' },
      { type: 'pointerDown', button: 0 },
      { type: 'pointerUp', button: 0 },
    ],
  },
]
