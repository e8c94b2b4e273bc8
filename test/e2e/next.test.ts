/** examples/next, built and started with the packed package, in a real browser. */
import { type Browser, chromium, type Page } from 'playwright'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browserLaunchOptions } from '../../scripts/browser.mjs'
import type { DevServer } from './dev-server.ts'
import { fieldAfterSubmit } from './field-after-submit.ts'
import { buildExample, startExample } from './start-example.ts'

const TYPING = 'The other party is typing…'

let example: DevServer
let browser: Browser
beforeAll(async () => {
  ;[example, browser] = await Promise.all([
    buildExample('next').then(() => startExample('next')),
    browserLaunchOptions().then((options) => chromium.launch(options)),
  ])
  // `next build` needs 16 s of one core.
}, 180_000)
afterAll(async () => {
  await browser.close()
  await example.stop()
})

const problems: string[] = []

/** Notes in `window.badgeAtMessages` what the badge showed at the moment at which each message appeared. */
function noteBadgeAtMessages() {
  const states: (string | undefined)[] = []
  Object.assign(window, { badgeAtMessages: states })
  new MutationObserver((records) => {
    const added = records.flatMap(({ addedNodes }) => [...addedNodes])
    if (!added.some((node) => node instanceof Element && node.matches('[role=log] > p'))) return
    states.push(document.querySelector<HTMLElement>('main > [data-typing-badge]')?.dataset.state)
  }).observe(document, { subtree: true, childList: true })
}

const badgeAtMessages = (page: Page) =>
  page.evaluate(() => (window as unknown as { badgeAtMessages: unknown }).badgeAtMessages)

async function signIn(name: string) {
  const context = await browser.newContext()
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => problems.push(`${message.text()} ${message.location().url}`))
  const sockets: unknown[] = []
  page.on('websocket', (socket) => sockets.push(socket))
  await page.addInitScript(noteBadgeAtMessages)
  await page.goto(example.url)
  await page.getByRole('button', { name }).click()
  await page.getByRole('navigation', { name: 'People' }).waitFor()
  const [session] = await context.cookies()
  return { page, sockets, cookie: `${session!.name}=${session!.value}` }
}

const link = (page: Page, name: string) => page.getByRole('link', { name })
const fieldOf = (page: Page) => page.getByRole('textbox')
const sees = (page: Page, state: 'typing' | 'idle') =>
  page.locator(`main > [data-typing-badge][data-state=${state}]`).waitFor()

/** Types until the other page shows it: the first keys may come before that page has subscribed. */
async function typeUntilSeen(typist: Page, reader: Page) {
  await expect
    .poll(
      async () => {
        await fieldOf(typist).pressSequentially('hi ')
        return reader.getByText(TYPING).first().isVisible()
      },
      { timeout: 10_000 },
    )
    .toBe(true)
}

test('two people sign in, see each other typing, and a message ends it (R6)', async () => {
  const [ann, bob] = await Promise.all([signIn('Ann'), signIn('Bob')])
  await ann.page.waitForURL('**/chat/bob')
  await bob.page.waitForURL('**/chat/ann')

  await typeUntilSeen(ann.page, bob.page)
  await fieldOf(ann.page).fill('')
  await sees(bob.page, 'idle')

  await typeUntilSeen(bob.page, ann.page)
  await fieldOf(bob.page).fill('Hello Ann')
  const left = fieldAfterSubmit(bob.page)
  await fieldOf(bob.page).press('Enter')
  expect(await left).toBe('')
  await ann.page.getByRole('log').getByText('Hello Ann').waitFor()
  await sees(ann.page, 'idle')
  expect(await badgeAtMessages(ann.page)).toEqual(['idle'])
  expect(await fieldOf(bob.page).inputValue()).toBe('')

  // The layout stays while the page changes: one connection, and the list says that Ann is typing.
  await link(bob.page, 'Cleo').click()
  await bob.page.getByRole('heading', { name: 'Cleo' }).waitFor()
  await fieldOf(ann.page).pressSequentially('And then')
  await link(bob.page, 'Ann').locator('[data-typing-badge][data-state=typing]').waitFor()
  await sees(bob.page, 'idle')
  expect(bob.sockets).toHaveLength(1)

  // Who loads the page again sees the messages, and no typing that has ended.
  await fieldOf(ann.page).fill('')
  await link(bob.page, 'Ann').click()
  await bob.page.waitForURL('**/chat/ann')
  await bob.page.reload()
  await bob.page.getByRole('log').getByText('Hello Ann').waitFor()
  await sees(bob.page, 'idle')
  expect(await badgeAtMessages(bob.page)).toEqual(['idle'])
  expect(problems).toEqual([])
})

test('the server renders the conversation, with an empty badge and without a connection', async () => {
  const { cookie } = await signIn('Cleo')
  const html = await (await fetch(`${example.url}chat/ann`, { headers: { cookie } })).text()
  expect(html).toContain('<h1>Ann</h1>')
  expect(html).toMatch(/<span[^>]* data-state="idle"/)
  expect(problems).toEqual([])
})

test('who forges a session is nobody, on the page and on the socket, and no other site may connect', async () => {
  const { cookie } = await signIn('Ann')
  const forged = cookie.replace('ann.', 'bob.')
  const page = await fetch(`${example.url}chat/ann`, { headers: { cookie: forged }, redirect: 'manual' })
  expect(page.headers.get('location')).toBe('/')

  const endOf = (extraHeaders: Record<string, string>) =>
    new Promise((resolve) => {
      const socket = io(example.url, { extraHeaders, forceNew: true, reconnection: false })
      socket.on('connect_error', () => resolve('refused'))
      socket.on('disconnect', () => resolve('disconnected'))
      socket.emit('history', 'bob', () => {
        resolve('served')
        socket.disconnect()
      })
    })
  const { origin } = new URL(example.url)
  expect(await endOf({ cookie, origin })).toBe('served')
  expect(await endOf({ cookie: forged, origin })).toBe('disconnected')
  expect(await endOf({ cookie, origin: 'https://elsewhere.example' })).toBe('refused')
})
