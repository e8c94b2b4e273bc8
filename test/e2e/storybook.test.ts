import { type Browser, type BrowserContext, chromium, type Locator } from 'playwright'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { browserLaunchOptions } from '../../scripts/browser.mjs'
import { freePort } from '../support/free-port.ts'
import { type DevServer, startDevServer } from './dev-server.ts'

declare global {
  interface Window {
    /** Between Storybook's sidebar and the frame with the page. */
    __STORYBOOK_ADDONS_CHANNEL__: { emit(event: string, content: object): void }
  }
}

/** How long Storybook may take for its first page, in milliseconds: it bundles the packages then. */
const FIRST_PAGE_TIMEOUT = 100_000
vi.setConfig({ testTimeout: 150_000 })

/** For what the other person sees. Storybook is busy beside it; that it takes less than a second, `two-people` shows (R1). */
const RESPONSE_TIMEOUT = 5000

/**
 * While Storybook loads, a page may stand still for longer than a message may be on its way, and drops it then (G1). Vite
 * may also load the page again. A person goes on typing, or sends again.
 */
const LOADING_TIMEOUT = 20_000

const fieldOf = (person: Locator) => person.getByRole('textbox', { name: 'Message' })

async function typeUntilSeen(typist: Locator, reader: Locator) {
  const type = async () => {
    await fieldOf(typist).press('H')
    await reader.locator('[data-state=typing]').waitFor({ timeout: 1000 })
  }
  await vi.waitFor(type, { timeout: LOADING_TIMEOUT })
}

async function sendUntilSeen(sender: Locator, reader: Locator) {
  const send = async () => {
    await fieldOf(sender).fill('Hello')
    await fieldOf(sender).press('Enter')
    await reader.getByRole('log').getByText('Hello', { exact: true }).first().waitFor({ timeout: 1000 })
  }
  await vi.waitFor(send, { timeout: LOADING_TIMEOUT })
}

let port: number
let server: DevServer
let browser: Browser
/** One for all tests: it keeps the hundreds of modules of a page, of which the next page needs most. */
let context: BrowserContext

beforeAll(async () => {
  port = await freePort()
  ;[server, browser] = await Promise.all([
    startDevServer(port, 'storybook'),
    browserLaunchOptions().then((options) => chromium.launch(options)),
  ])
  // Dots that move are drawn again in each frame.
  context = await browser.newContext({ reducedMotion: 'reduce' })
})
afterAll(async () => {
  await browser.close()
  await server.stop()
})

test('the story Live / Two people talks to a real server on the port of npm run storybook', async () => {
  expect(new URL(server.url).port).toBe(String(port))
  const page = await context.newPage()
  const sockets: string[] = []
  page.on('websocket', (socket) => sockets.push(socket.url()))

  await page.goto(`${server.url}?path=/story/live--two-people-typing`)
  const story = page.frameLocator('#storybook-preview-iframe')
  const ann = story.getByRole('region', { name: 'Ann', exact: true })
  const bob = story.getByRole('region', { name: 'Bob', exact: true })
  for (const person of [ann, bob])
    await person.getByText('Online', { exact: true }).waitFor({ timeout: FIRST_PAGE_TIMEOUT })

  await typeUntilSeen(ann, bob)
  await sendUntilSeen(ann, bob)
  await expect.poll(() => sockets.filter((url) => url.includes('/socket.io/')).length).toBeGreaterThanOrEqual(2)
  await page.close()
})

test('the story Live / Two tabs, opened again by its link, is the other person, and uses no server', async () => {
  const sockets: string[] = []
  context.on('page', (page) => page.on('websocket', (socket) => sockets.push(socket.url())))
  const page = await context.newPage()
  await page.goto(`${server.url}iframe.html?viewMode=story&id=live--two-tabs-typing`)
  const ann = page.getByRole('region', { name: 'Ann', exact: true })
  await ann.waitFor({ timeout: FIRST_PAGE_TIMEOUT })
  const [tab] = await Promise.all([context.waitForEvent('page'), ann.getByRole('link').click()])
  const bob = tab.getByRole('region', { name: 'Bob', exact: true })
  await bob.waitFor({ timeout: 20_000 })

  await typeUntilSeen(ann, bob)
  await sendUntilSeen(ann, bob)
  await bob.locator('[data-state=idle]').waitFor({ state: 'attached', timeout: RESPONSE_TIMEOUT })

  await typeUntilSeen(bob, ann)
  await tab.close()
  await ann.locator('[data-state=idle]').waitFor({ state: 'attached', timeout: RESPONSE_TIMEOUT })
  expect(sockets.filter((url) => url.includes('/socket.io/'))).toEqual([])
  await page.close()
})

test('the documentation pages show their diagram, code and tables', async () => {
  const page = await context.newPage()
  await page.goto(`${server.url}iframe.html?viewMode=docs&id=how-typing-works-here--docs`)
  const seesTitle = (title: string) =>
    page.getByRole('heading', { level: 1, name: title }).waitFor({ timeout: FIRST_PAGE_TIMEOUT })
  /** As a click in the sidebar does. It takes a fraction of the time of loading the page again. */
  const open = async (storyId: string, title: string) => {
    await page.evaluate((event) => window.__STORYBOOK_ADDONS_CHANNEL__.emit('setCurrentStory', event), {
      storyId,
      viewMode: 'docs',
    })
    await seesTitle(title)
  }
  await seesTitle('How typing works here')
  await page.getByRole('img', { name: /^Ada presses keys/ }).waitFor()

  await open('recipes--recipes', 'Recipes')
  // The code that an app would write, and the field that it renders.
  await page.getByText("from 'react-online-message/server'").first().waitFor()
  await page.getByRole('textbox', { name: 'Your question' }).waitFor()

  await open('hooks-usetypinginput--docs', 'useTypingInput')
  await page.getByRole('row', { name: /^ignore.*every text counts as typing/ }).waitFor()
  await open('typingbadge--docs', 'TypingBadge')
  for (const prop of ['conversation', 'typists', 'total', 'variant', 'format', 'announce', 'children']) {
    await expect.poll(() => page.getByRole('row', { name: new RegExp(`^${prop}\\b.*[a-z]{3}`) }).count()).toBe(1)
  }
  await page.close()
})
