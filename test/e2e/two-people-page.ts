/** `npm start`, and what its page shows. */
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { browserLaunchOptions } from '../../scripts/browser.mjs'
import { freePort } from '../support/free-port.ts'
import { type DevServer, startDevServer } from './dev-server.ts'
import { SOON } from './soon.ts'

export type Name = 'Ann' | 'Bob'

/** How long the first page may take, in milliseconds: Vite bundles the packages then, beside other tests. */
const FIRST_PAGE_TIMEOUT = 30_000

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
    untilOnline: (within = 10_000) => eventually(region.getByText('Online', { exact: true }), 'visible', within),
  }
}

export const eventually = (locator: Locator, state: 'visible' | 'hidden', timeout: number): Promise<void> =>
  locator.waitFor({ state, timeout })

export async function seesTyping({ badge }: Screen, within: number = SOON): Promise<void> {
  await badge.and(badge.page().locator('[data-state=typing]')).waitFor({ timeout: within })
  expect(await badge.locator('[data-part=label]').innerText()).toBe('The other party is typing…')
}

export const seesNobody = ({ badge }: Screen, within: number = SOON): Promise<void> =>
  badge.and(badge.page().locator('[data-state=idle]')).waitFor({ timeout: within })

function complaintsOf(context: BrowserContext): string[] {
  const complaints: string[] = []
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  context.on('weberror', (error) => complaints.push(String(error.error())))
  return complaints
}

/** What the tests of a file open. */
export interface TwoPeople {
  /** An empty page, which has the address of `npm start`. */
  readonly newPage: () => Promise<Page>
  /** The page with both screens, where both are online. */
  readonly openBoth: () => Promise<Screens & { readonly page: Page }>
  /** Each screen in a tab of its own, where both are online. */
  readonly openTabs: () => Promise<Screens & { readonly annsTab: Page; readonly bobsTab: Page }>
}

interface Screens {
  readonly ann: Screen
  readonly bob: Screen
}

/**
 * Runs `npm start` and a browser for the tests of a file. Each test has a profile of its own, and fails when one of its pages
 * reports an error or a warning.
 */
export function prepareTwoPeople(): TwoPeople {
  let server: DevServer
  let browser: Browser
  let context: BrowserContext
  let complaints: readonly string[]

  beforeAll(async () => {
    const launching = browserLaunchOptions().then((options) => chromium.launch(options))
    server = await startDevServer(await freePort())
    browser = await launching
    const firstPage = await browser.newPage({ baseURL: server.url })
    await firstPage.goto('')
    await screen(firstPage, 'Ann').untilOnline(FIRST_PAGE_TIMEOUT)
    await firstPage.close()
  })
  afterAll(async () => {
    await browser.close()
    await server.stop()
  })
  beforeEach(async () => {
    context = await browser.newContext({ baseURL: server.url })
    complaints = complaintsOf(context)
  })
  afterEach(async () => {
    await context.close()
    expect(complaints).toEqual([])
  })

  const newPage = () => context.newPage()

  async function open(path: string, names: readonly Name[]) {
    const page = await newPage()
    await page.goto(path)
    for (const name of names) await screen(page, name).untilOnline()
    return page
  }
  async function openBoth() {
    const page = await open('', ['Ann', 'Bob'])
    return { page, ann: screen(page, 'Ann'), bob: screen(page, 'Bob') }
  }
  async function openTabs() {
    const [annsTab, bobsTab] = await Promise.all([open('?only=ann', ['Ann']), open('?only=bob', ['Bob'])])
    return { annsTab, bobsTab, ann: screen(annsTab, 'Ann'), bob: screen(bobsTab, 'Bob') }
  }

  return { newPage, openBoth, openTabs }
}
