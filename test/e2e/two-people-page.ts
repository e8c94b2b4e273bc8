/** What the page of `npm start` shows. */
import type { BrowserContext, Locator, Page } from 'playwright'
import { expect } from 'vitest'

export type Name = 'Ann' | 'Bob'

/** How long the first page may take, in milliseconds: Vite bundles the packages then, beside other tests. */
export const FIRST_PAGE_TIMEOUT = 30_000

/** One person’s screen. */
export interface Screen {
  readonly region: Locator
  readonly badge: Locator
  readonly message: Locator
  readonly log: Locator
  readonly button: (label: string) => Locator
  readonly untilOnline: (within?: number) => Promise<void>
}

export function screen(page: Page, name: Name): Screen {
  const region = page.getByRole('region', { name, exact: true })
  return {
    region,
    badge: region.locator('[data-typing-badge]'),
    message: region.getByRole('textbox', { name: 'Message' }),
    log: region.getByRole('log'),
    button: (label) => region.getByRole('button', { name: label }),
    untilOnline: (within = 5000) => eventually(region.getByText('Online', { exact: true }), 'visible', within),
  }
}

export const eventually = (locator: Locator, state: 'visible' | 'hidden', timeout: number): Promise<void> =>
  locator.waitFor({ state, timeout })

export async function seesTyping({ badge }: Screen, within = 1000): Promise<void> {
  await badge.and(badge.page().locator('[data-state=typing]')).waitFor({ timeout: within })
  expect(await badge.locator('[data-part=label]').innerText()).toBe('The other party is typing…')
}

export const seesNobody = ({ badge }: Screen, within = 1000): Promise<void> =>
  badge.and(badge.page().locator('[data-state=idle]')).waitFor({ timeout: within })

/** @returns the errors and warnings of all pages, which come later. */
export function complaintsOf(context: BrowserContext): readonly string[] {
  const complaints: string[] = []
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  context.on('weberror', (error) => complaints.push(String(error.error())))
  return complaints
}
