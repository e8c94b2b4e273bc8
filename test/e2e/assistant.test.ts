/** examples/assistant, built and started with the packed package, in a real browser. */
import { type Browser, type BrowserContext, chromium } from 'playwright'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browserLaunchOptions } from '../../scripts/browser.mjs'
import type { DevServer } from './dev-server.ts'
import { fieldAfterSubmit } from './field-after-submit.ts'
import { buildExample, startExample } from './start-example.ts'

/** Its answer takes three times as long, so that there is time to interrupt it. */
const LONG_QUESTION = 'How does typing work?'
const SHORT_QUESTION = 'What is stored?'
const SHORT_ANSWER = /^An online message reaches .* once it is whole\.$/

let example: DevServer
let browser: Browser
beforeAll(async () => {
  ;[example, browser] = await Promise.all([
    buildExample('assistant').then(() => startExample('assistant')),
    browserLaunchOptions().then((options) => chromium.launch(options)),
  ])
})
afterAll(async () => {
  await browser.close()
  await example.stop()
})

const problems: string[] = []

/** Notes all that is shown, one after the other, in `window.shown`. */
function noteWhatIsShown() {
  const shown: string[] = []
  Object.assign(window, { shown })
  const note = () => {
    const badge = document.querySelector('[data-typing-badge] [data-part=sentence]')?.textContent
    const words = document.querySelector('.answer')?.textContent
    for (const text of [badge && `badge: ${badge}`, words && `words: ${words}`]) {
      if (text && !shown.includes(text)) shown.push(text)
    }
  }
  new MutationObserver(note).observe(document, { subtree: true, childList: true, characterData: true })
}

async function openPage(context: BrowserContext) {
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => problems.push(message.text()))
  await page.addInitScript(noteWhatIsShown)
  await page.goto(example.url)
  await page.getByPlaceholder('Ask something').waitFor()
  const question = page.getByLabel('Your question')
  const ask = async (text: string) => {
    await question.fill(text)
    const left = fieldAfterSubmit(page)
    await question.press('Enter')
    expect(await left).toBe('')
  }
  return {
    page,
    ask,
    words: page.locator('.answer'),
    log: page.getByRole('log').getByRole('paragraph'),
    // It may be gone when Playwright looks: it is noted.
    hasShown: (what: string) =>
      page.waitForFunction(
        (start) => (window as unknown as { shown: string[] }).shown.some((text) => text.startsWith(start)),
        what,
      ),
    seesNobody: () => page.locator('[data-typing-badge][data-state=idle]').waitFor(),
    shown: () => page.evaluate(() => (window as unknown as { shown: string[] }).shown),
  }
}

// Every visitor has a conversation of their own, so these run side by side.
test.concurrent('the assistant thinks, says its answer word by word on each page of the visitor, and keeps it', async () => {
  const context = await browser.newContext()
  const desktop = await openPage(context)
  const phone = await openPage(context)
  const stranger = await openPage(await browser.newContext())

  await desktop.ask(SHORT_QUESTION)
  for (const { log, words, seesNobody, shown } of [desktop, phone]) {
    await log.filter({ hasText: SHORT_ANSWER }).waitFor()
    expect(await log.allInnerTexts()).toEqual([SHORT_QUESTION, expect.stringMatching(SHORT_ANSWER)])
    await seesNobody()
    expect(await words.count()).toBe(0)
    const [first, second, third, ...others] = await shown()
    expect([first, second, third].sort()).toEqual([
      'badge: Assistant is thinking…',
      'badge: Assistant is typing…',
      expect.stringMatching(/^words: An /),
    ])
    expect(first).toBe('badge: Assistant is thinking…')
    // A word may be drawn with the next one.
    expect(others.length).toBeGreaterThan(10)
    others.slice(1).forEach((text, index) => expect(text.startsWith(others[index]!)).toBe(true))
  }

  expect(await stranger.shown()).toEqual([])
  expect(await stranger.log.count()).toBe(0)
})

test.concurrent('a new question interrupts the answer: no further word of it comes, and what had been said is kept', async () => {
  const { ask, log, hasShown, seesNobody, shown } = await openPage(await browser.newContext())
  await ask(LONG_QUESTION)
  await hasShown('words: ')
  await ask(SHORT_QUESTION)
  await log.filter({ hasText: 'Interrupted' }).waitFor()
  const shownBefore = await shown()
  await log.filter({ hasText: SHORT_ANSWER }).waitFor()
  await seesNobody()

  const [, interrupted = '', ...later] = await log.allInnerTexts()
  expect(interrupted).toMatch(/^Your.*\nInterrupted$/)
  expect(interrupted).not.toMatch(/all there is/)
  expect(later).toEqual([SHORT_QUESTION, expect.stringMatching(SHORT_ANSWER)])
  const shownLater = (await shown()).slice(shownBefore.length)
  expect(shownLater.filter((text) => text.startsWith('words: Your'))).toEqual([])
})

test.concurrent('an assistant that is interrupted while it thinks says nothing to the first question', async () => {
  const context = await browser.newContext()
  const { log, hasShown, seesNobody, shown } = await openPage(context)
  // Another device of the same visitor, which is fast enough.
  const [visitor] = await context.cookies()
  const { origin } = new URL(example.url)
  const device = io(origin, { extraHeaders: { cookie: `visitor=${visitor!.value}`, origin }, forceNew: true })
  device.emit('question', LONG_QUESTION)
  device.emit('question', SHORT_QUESTION)
  await hasShown('badge: Assistant is thinking…')
  await log.filter({ hasText: SHORT_ANSWER }).waitFor()
  await seesNobody()
  expect(await log.allInnerTexts()).toEqual([LONG_QUESTION, SHORT_QUESTION, expect.stringMatching(SHORT_ANSWER)])
  expect((await shown()).filter((text) => text.startsWith('words: Your'))).toEqual([])
  device.disconnect()
})

test.concurrent('G3: a page that is loaded again shows no half answer, and then the whole one', async () => {
  const { page, ask, log, hasShown, seesNobody, shown } = await openPage(await browser.newContext())
  await ask(SHORT_QUESTION)
  await hasShown('words: ')
  await page.reload()
  await log.filter({ hasText: SHORT_ANSWER }).waitFor()
  await seesNobody()
  expect(await log.allInnerTexts()).toEqual([SHORT_QUESTION, expect.stringMatching(SHORT_ANSWER)])
  expect((await shown()).filter((text) => text.startsWith('words: '))).toEqual([])
})

test('nothing is on the console', () => {
  expect(problems).toEqual([])
})
