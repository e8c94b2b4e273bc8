import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from 'playwright'
import { build, preview, type PreviewServer } from 'vite'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { browserLaunchOptions } from '../../scripts/browser.mjs'
import { transportContract } from '../../src/testing/index.ts'
import type { Order, Report } from './tabs/tab.ts'
import { freePort } from './dev-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'tabs-'))
let server: PreviewServer
let url: string
let browser: Browser
/** The same browser as a user has it: a page of Playwright's own is never hidden, and cannot be frozen. */
let asUsed: Browser

beforeAll(async () => {
  // Built: a dev server holds a connection to each page, which keeps it out of the back/forward cache.
  const root = fileURLToPath(new URL('tabs', import.meta.url))
  const built = { root, configFile: false, build: { outDir: folder, emptyOutDir: true } } as const
  await build({ ...built, logLevel: 'error' })
  server = await preview({ ...built, preview: { port: await freePort() } })
  url = server.resolvedUrls!.local[0]!

  const { args, ...options } = await browserLaunchOptions()
  const port = await freePort()
  browser = await chromium.launch({
    ...options,
    args: [...args, `--remote-debugging-port=${port}`],
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
  asUsed = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true })
})
afterAll(async () => {
  await asUsed.close()
  await browser.close()
  await server.close()
  rmSync(folder, { recursive: true })
})

async function open(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.goto(url)
  return page
}

const lifecycle = (session: CDPSession, state: 'frozen' | 'active') =>
  session.send('Page.setWebLifecycleState', { state })

describe('the transport contract, each device a page of its own', () => {
  const names = ['ann 2', 'bob 1', 'bob 2', 'cy 1']
  const pages = new Map<string, Page>()
  const sessions = new Map<string, CDPSession>()
  let runner: Page

  beforeAll(async () => {
    const [context] = asUsed.contexts() as [BrowserContext]
    await context.exposeBinding('order', async (_, name: string, order: Order) => {
      const session = sessions.get(name)!
      if (order.do === 'freeze') await lifecycle(session, 'frozen')
      else if (order.do === 'resume') await lifecycle(session, 'active')
      else return pages.get(name)!.evaluate((order) => window.tab.obey(order), order)
    })
    await context.exposeBinding('report', ({ page }, report: Report) => {
      const [name] = [...pages].find(([, known]) => known === page) ?? []
      return runner.evaluate(([name, report]) => window.tab.learn(name, report), [name!, report] as const)
    })
    runner = await open(context)
    for (const name of names) {
      const page = await open(context)
      pages.set(name, page)
      sessions.set(name, await context.newCDPSession(page))
    }
    // Whoever is hidden does not type.
    await runner.bringToFront()
    return () => Promise.all([runner, ...pages.values()].map((page) => page.close()))
  })

  for (const { name } of transportContract) test(name, () => runner.evaluate((name) => window.tab.run(name), name))
})

describe('two tabs', () => {
  let ann: Page
  let bob: Page
  const openBoth = async (context: BrowserContext) => {
    ann = await open(context)
    bob = await open(context)
    await ann.evaluate(() => window.tab.chat('ann', 'bob'))
    await bob.evaluate(() => window.tab.chat('bob', 'ann'))
  }
  beforeEach(async () => {
    const context = await browser.newContext()
    await openBoth(context)
    return () => context.close()
  })
  const log = (page: Page) => page.evaluate(() => window.tab.log)
  const say = (page: Page, text: string) => page.evaluate((text) => window.tab.say(text), text)
  const type = (page: Page) => page.evaluate(() => window.tab.type())
  const logs = (page: Page, entries: unknown[], timeout = 1000) =>
    expect.poll(() => log(page), { timeout }).toEqual(entries)

  test('talk, and leave nothing in any storage (G3)', async () => {
    await type(ann)
    await logs(bob, ['typing'])
    expect(await say(ann, 'hello')).toBe(true)
    expect(await say(bob, 'hi')).toBe(true)
    await logs(bob, ['typing', 'hello'])
    await logs(ann, ['hi'])
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

  test('a closed one is gone, and its typing with it (S4)', async () => {
    await type(ann)
    await logs(bob, ['typing'])
    await ann.close()
    await logs(bob, ['typing', 'nobody'])
  })

  test('one that crashes stops typing when its lease lapses (R4)', async () => {
    await type(ann)
    await logs(bob, ['typing'])
    const session = await ann.context().newCDPSession(ann)
    void session.send('Page.crash').catch(() => {})
    await logs(bob, ['typing', 'nobody'], 5000)
  })

  test('a frozen one is gone: it hears nothing of meanwhile when it thaws (G1), and sees nobody type (R5)', async () => {
    await openBoth(asUsed.contexts()[0]!)
    await ann.bringToFront()
    await type(ann)
    await logs(bob, ['typing'])
    const session = await bob.context().newCDPSession(bob)
    await lifecycle(session, 'frozen')
    await logs(bob, ['typing', 'offline', 'nobody'])
    for (const text of ['one', 'two', 'three']) expect(await say(ann, text)).toBe(true)
    await lifecycle(session, 'active')
    await logs(bob, ['typing', 'offline', 'nobody', 'online', 'typing'])
    await say(ann, 'after')
    await logs(bob, ['typing', 'offline', 'nobody', 'online', 'typing', 'after'])
    await Promise.all([ann.close(), bob.close()])
  })

  test('one in the back/forward cache is gone, and is not kept out of it', async () => {
    await type(bob)
    await logs(ann, ['typing'])
    await bob.goto(`${url}?another`)
    await logs(ann, ['typing', 'nobody'])
    expect(await say(ann, 'meanwhile')).toBe(true)
    await bob.goBack({ waitUntil: 'commit' })
    await expect.poll(() => log(bob).catch(() => [])).toContain('from the back/forward cache')
    await say(ann, 'after')
    await expect.poll(() => log(bob)).toContain('after')
    expect(await log(bob)).not.toContain('meanwhile')
  })

  test('one that was too busy to hear drops what is old by then (G1), and goes on', async () => {
    await type(ann)
    await logs(bob, ['typing'])
    await bob.evaluate(() => {
      setTimeout(() => {
        const end = Date.now() + 4000
        while (Date.now() < end);
      })
    })
    for (const text of ['one', 'two', 'three']) expect(await say(ann, text)).toBe(true)
    await expect.poll(() => log(bob), { timeout: 10_000 }).toContain('connecting')
    await say(ann, 'after')
    await expect.poll(() => log(bob)).toContain('after')
    const entries = await log(bob)
    for (const text of ['one', 'two', 'three']) expect(entries).not.toContain(text)
  })
})
