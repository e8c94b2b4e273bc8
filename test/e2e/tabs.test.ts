import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from 'playwright'
import { build, preview, type PreviewServer } from 'vite'
import { afterAll, beforeAll, describe, expect, test, type TestContext, vi } from 'vitest'
import { wholeBrowserLaunchOptions } from '../../scripts/browser.mjs'
import { transportContract } from '../../src/testing/index.ts'
import { freePort } from '../support/free-port.ts'
import type { Order, Report } from './tabs/tab.ts'
import { SOON } from './soon.ts'

const folder = mkdtempSync(join(tmpdir(), 'tabs-'))
let server: PreviewServer
let url: string
let browser: Browser
/** The same browser as a user has it. Playwright's own pages are never hidden, and cannot be frozen. */
let userBrowser: Browser

beforeAll(async () => {
  // A build: a dev server keeps a connection to each page, which keeps the page out of the back/forward cache.
  const root = fileURLToPath(new URL('tabs', import.meta.url))
  const built = { root, configFile: false, build: { outDir: folder, emptyOutDir: true } } as const
  await build({ ...built, logLevel: 'error' })
  server = await preview({ ...built, preview: { port: await freePort() } })
  url = server.resolvedUrls!.local[0]!

  const { args, ...options } = await wholeBrowserLaunchOptions()
  const port = await freePort()
  browser = await chromium.launch({
    ...options,
    args: [...args, `--remote-debugging-port=${port}`],
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
  userBrowser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true })
})
afterAll(async () => {
  await userBrowser.close()
  await browser.close()
  await server.close()
  rmSync(folder, { recursive: true })
})

async function open(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.goto(url)
  return page
}

const setLifecycle = (session: CDPSession, state: 'frozen' | 'active') =>
  session.send('Page.setWebLifecycleState', { state })

describe('the transport contract, with a page of its own for each device', () => {
  const names = ['ann 2', 'bob 1', 'bob 2', 'cy 1']
  const pages = new Map<string, Page>()
  const sessions = new Map<string, CDPSession>()
  let runner: Page

  beforeAll(async () => {
    const [context] = userBrowser.contexts() as [BrowserContext]
    await context.exposeBinding('order', async (_, name: string, order: Order) => {
      const session = sessions.get(name)!
      if (order.do === 'freeze') await setLifecycle(session, 'frozen')
      else if (order.do === 'resume') await setLifecycle(session, 'active')
      else return pages.get(name)!.evaluate((order) => window.tab.handle(order), order)
    })
    await context.exposeBinding('report', ({ page }, report: Report) => {
      const [name] = [...pages].find(([, known]) => known === page) ?? []
      return runner.evaluate(([name, report]) => window.tab.receiveReport(name, report), [name!, report] as const)
    })
    runner = await open(context)
    for (const name of names) {
      const page = await open(context)
      pages.set(name, page)
      sessions.set(name, await context.newCDPSession(page))
    }
    // A hidden page releases its leases, so this page has to be visible.
    await runner.bringToFront()
    return () => Promise.all([runner, ...pages.values()].map((page) => page.close()))
  })

  for (const { name } of transportContract) test(name, () => runner.evaluate((name) => window.tab.run(name), name))
})

// Each has a profile of its own, and most of them wait: they run side by side.
describe.concurrent('two tabs', () => {
  async function openChat(context: BrowserContext) {
    const ann = await open(context)
    const bob = await open(context)
    await ann.evaluate(() => window.tab.chat('ann', 'bob'))
    await bob.evaluate(() => window.tab.chat('bob', 'ann'))
    return { ann, bob }
  }
  async function openChatInProfile({ onTestFinished }: TestContext) {
    const context = await browser.newContext()
    onTestFinished(() => context.close())
    return openChat(context)
  }
  const logOf = (page: Page) => page.evaluate(() => window.tab.log)
  const sendText = (page: Page, text: string) => page.evaluate((text) => window.tab.sendText(text), text)
  const startTyping = (page: Page) => page.evaluate(() => window.tab.startTyping())
  const untilLog = (page: Page, entries: unknown[], timeout = SOON) =>
    vi.waitFor(async () => expect(await logOf(page)).toEqual(entries), { timeout })
  const untilLogged = (page: Page, entry: string, timeout = SOON) =>
    vi.waitFor(async () => expect(await logOf(page)).toContain(entry), { timeout })

  test('G3: they talk, and leave nothing in any storage', async (context) => {
    const { ann, bob } = await openChatInProfile(context)
    await startTyping(ann)
    await untilLog(bob, ['typing'])
    expect(await sendText(ann, 'hello')).toBe(true)
    expect(await sendText(bob, 'hi')).toBe(true)
    await untilLog(bob, ['typing', 'hello'])
    await untilLog(ann, ['hi'])
    for (const page of [ann, bob]) {
      const traces = await page.evaluate(async () => [
        ...Object.keys(localStorage),
        ...Object.keys(sessionStorage),
        ...(await indexedDB.databases()),
        ...(await caches.keys()),
        document.cookie,
      ])
      expect(traces).toEqual([''])
    }
  })

  test('S4: closing a tab ends its typing', async (context) => {
    const { ann, bob } = await openChatInProfile(context)
    await startTyping(ann)
    await untilLog(bob, ['typing'])
    await ann.close()
    await untilLog(bob, ['typing', 'nobody'])
  })

  test('R4: the typing of a tab that crashes ends when its lease expires', async (context) => {
    const { ann, bob } = await openChatInProfile(context)
    await startTyping(ann)
    await untilLog(bob, ['typing'])
    const session = await ann.context().newCDPSession(ann)
    void session.send('Page.crash').catch(() => {})
    await untilLog(bob, ['typing', 'nobody'], 5000)
  })

  test('G1, R5: a frozen tab is off the network, and receives nothing of that time when it resumes', async () => {
    const { ann, bob } = await openChat(userBrowser.contexts()[0]!)
    await ann.bringToFront()
    await startTyping(ann)
    await untilLog(bob, ['typing'])
    const session = await bob.context().newCDPSession(bob)
    await setLifecycle(session, 'frozen')
    await untilLog(bob, ['typing', 'connecting', 'nobody'])
    for (const text of ['one', 'two', 'three']) expect(await sendText(ann, text)).toBe(true)
    await setLifecycle(session, 'active')
    await untilLog(bob, ['typing', 'connecting', 'nobody', 'online', 'typing'])
    await sendText(ann, 'after')
    await untilLog(bob, ['typing', 'connecting', 'nobody', 'online', 'typing', 'after'])
    await Promise.all([ann.close(), bob.close()])
  })

  test('a tab can enter the back/forward cache, and is off the network there', async (context) => {
    const { ann, bob } = await openChatInProfile(context)
    await startTyping(bob)
    await untilLog(ann, ['typing'])
    await bob.goto(`${url}?another`)
    await untilLog(ann, ['typing', 'nobody'])
    expect(await sendText(ann, 'meanwhile')).toBe(true)
    await bob.goBack({ waitUntil: 'commit' })
    await untilLogged(bob, 'from the back/forward cache')
    await sendText(ann, 'after')
    await untilLogged(bob, 'after')
    expect(await logOf(bob)).not.toContain('meanwhile')
  })

  test('G1: a tab that was blocked drops the messages that have expired, and goes on', async (context) => {
    const { ann, bob } = await openChatInProfile(context)
    await startTyping(ann)
    await untilLog(bob, ['typing'])
    await bob.evaluate(() => {
      setTimeout(() => {
        const end = Date.now() + 4000
        while (Date.now() < end);
      })
    })
    for (const text of ['one', 'two', 'three']) expect(await sendText(ann, text)).toBe(true)
    // An expired message shows that the tab was blocked: what it knew of typists may be stale (R5).
    await untilLogged(bob, 'nobody', 10_000)
    await sendText(ann, 'after')
    await untilLogged(bob, 'after')
    const entries = await logOf(bob)
    for (const text of ['one', 'two', 'three']) expect(entries).not.toContain(text)
  })
})
