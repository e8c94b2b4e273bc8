/** examples/chat, built and started with the packed package, in a real browser. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright'
import { io } from 'socket.io-client'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { browserLaunchOptions } from '../../scripts/browser.mjs'
import { freePort } from '../support/free-port.ts'
import type { DevServer } from './dev-server.ts'
import { SOON } from './soon.ts'
import { buildExample, startExample } from './start-example.ts'

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** It outlives a restart of the server. */
const databaseFolder = mkdtempSync(join(tmpdir(), 'chat-'))
const database = join(databaseFolder, 'chat.db')
let port: number
let url: string
let server: DevServer
let browser: Browser
/** Ann and Bob have signed in, each in a browser of their own. */
let ann: Person
let bob: Person
/** The errors and warnings of all pages of a test. */
let complaints: string[] = []

beforeAll(async () => {
  const launching = browserLaunchOptions().then((options) => chromium.launch(options))
  await buildExample('chat')
  port = await freePort()
  url = `http://localhost:${port}`
  server = await startExample('chat', { PORT: String(port), DATABASE: database })
  browser = await launching
  ;[ann, bob] = await Promise.all([signIn('Ann'), signIn('Bob')])
}, 90_000)
afterAll(async () => {
  await browser.close()
  await server.stop()
  rmSync(databaseFolder, { recursive: true })
})
afterEach(() => {
  expect(complaints.splice(0)).toEqual([])
})

interface Person {
  readonly context: BrowserContext
  readonly page: Page
}

/** What is on a page of the chat. */
const screen = (page: Page) => {
  const room = page.getByRole('main')
  return {
    message: room.getByRole('textbox', { name: 'Message' }),
    messages: room.getByRole('log', { name: 'Messages' }),
    reactions: room.getByRole('log', { name: 'Reactions' }),
    badge: room.locator('[data-typing-badge]'),
    row: (id: string) => page.getByRole('navigation').locator(`[href='#${id}']`),
    untilOnline: () => room.getByText('Online', { exact: true }).waitFor(),
    seesTyping: (text: string) => room.locator('[data-state=typing]').getByText(text).first().waitFor(),
    seesNobody: () => room.locator('[data-typing-badge][data-state=idle]').waitFor({ timeout: SOON }),
  }
}

async function openPage(context: BrowserContext, hash = ''): Promise<Page> {
  const page = await context.newPage()
  page.setDefaultTimeout(5000)
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => complaints.push(message.text()))
  await page.goto(`${url}/${hash}`)
  return page
}

const passwordOf = (name: string) => `password of ${name}`

async function fillIn(page: Page, name: string, password: string) {
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

async function signIn(name: string): Promise<Person> {
  const context = await browser.newContext()
  const page = await openPage(context)
  await fillIn(page, name, passwordOf(name))
  await screen(page).untilOnline()
  return { context, page }
}

async function reload(page: Page) {
  await page.reload()
  await screen(page).untilOnline()
}

const send = async (page: Page, text: string) => {
  const { message } = screen(page)
  await message.fill(text)
  await message.press('Enter')
  await screen(page).messages.getByText(text).waitFor()
}

/** What the badge showed when a message appeared. */
const badgeStateAtArrivalOf = (text: string, page: Page): Promise<string | undefined> =>
  page.evaluate(
    (awaited) =>
      new Promise((resolve) => {
        new MutationObserver(() => {
          if (!document.querySelector('[role=log]')!.textContent.includes(awaited)) return
          resolve(document.querySelector<HTMLElement>('main [data-typing-badge]')!.dataset.state)
        }).observe(document, { subtree: true, childList: true, attributes: true })
      }),
    text,
  )

test('two people see each other’s typing, by name', async () => {
  const [annsScreen, bobsScreen] = [screen(ann.page), screen(bob.page)]
  await annsScreen.message.press('H')
  await bobsScreen.seesTyping('Ann is typing…')
  await annsScreen.seesNobody()
  await annsScreen.message.fill('')
  await bobsScreen.seesNobody()
  await bobsScreen.message.press('H')
  await annsScreen.seesTyping('Bob is typing…')
  await bobsScreen.message.fill('')
  await annsScreen.seesNobody()
})

test('R6: typing ends before its message appears, or with it', async () => {
  await screen(ann.page).message.pressSequentially('Lunch at noon?')
  await screen(bob.page).seesTyping('Ann is typing…')
  const badgeState = badgeStateAtArrivalOf('Lunch at noon?', bob.page)
  await ann.page.getByRole('button', { name: 'Send' }).click()
  expect(await badgeState).toBe('idle')
  expect(await screen(ann.page).message.inputValue()).toBe('')
})

test('typing in another room shows dots in its row, and nothing in the room that is open', async () => {
  const atLunch = await openPage(ann.context, '#lunch')
  await screen(atLunch).untilOnline()
  await screen(atLunch).message.press('S')
  const [bobsScreen, bobsRow] = [screen(bob.page), screen(bob.page).row('lunch')]
  await bobsRow.locator('[data-state=typing]').waitFor()
  await bobsScreen.seesNobody()
  await send(atLunch, 'Soup')
  await bobsRow.locator('[data-state=idle]').waitFor()
  await bobsRow.getByText('Ann: Soup').waitFor()
  expect(await bobsScreen.messages.getByText('Soup').count()).toBe(0)
  await atLunch.close()
})

test('a reload keeps the history, and shows no typing of before', async () => {
  await send(bob.page, 'Gladly.')
  await screen(ann.page).message.press('H')
  await screen(bob.page).seesTyping('Ann is typing…')
  await reload(ann.page)
  await screen(bob.page).seesNobody()
  await reload(bob.page)
  for (const { page } of [ann, bob]) {
    const { messages, seesNobody } = screen(page)
    await messages.getByText('Lunch at noon?').waitFor()
    await messages.getByText('Gladly.').waitFor()
    await seesNobody()
  }
})

test('a reaction reaches those who are in the room now: not another room, not a later device, and no storage', async () => {
  const inMusic = await openPage(bob.context, '#music')
  await screen(inMusic).untilOnline()

  await ann.page.getByRole('button', { name: 'Party' }).click()
  const isShown = ({ reactions }: ReturnType<typeof screen>, text: string) => reactions.getByText(text).waitFor()
  await Promise.all([isShown(screen(bob.page), '🎉 Ann'), isShown(screen(ann.page), '🎉 You')])

  const later = await openPage(bob.context)
  await screen(later).untilOnline()
  // What is sent next arrives everywhere, so what was sent before would be there as well.
  await send(ann.page, 'After the reaction')
  for (const page of [inMusic, later]) {
    await page.getByText('After the reaction').first().waitFor()
    expect(await screen(page).reactions.textContent()).toBe('')
    await page.close()
  }
  const stored = readFileSync(database)
  expect(stored.includes('After the reaction')).toBe(true)
  expect(stored.includes('🎉')).toBe(false)
})

test('the messages and the logins outlive a restart of the server', async () => {
  await server.stop()
  server = await startExample('chat', { PORT: String(port), DATABASE: database })
  // The tabs that were open say that they had no connection: only the reloaded page is looked at.
  const page = await openPage(bob.context)
  await screen(page).messages.getByText('Lunch at noon?').waitFor()
  await Promise.all([reload(ann.page), reload(bob.page)])
  await page.close()
  complaints = complaints.filter((text) => !text.includes('net::ERR_CONNECTION'))
})

test('a message that cannot be sent stays in the field', async () => {
  await ann.context.setOffline(true)
  await screen(ann.page).message.fill('Not lost')
  await screen(ann.page).message.press('Enter')
  await ann.page.getByText('Your message was not sent. Try again.').waitFor()
  expect(await screen(ann.page).message.inputValue()).toBe('Not lost')
  await ann.context.setOffline(false)
  await screen(ann.page).message.press('Enter')
  await screen(bob.page).messages.getByText('Not lost').waitFor()
  complaints = complaints.filter((text) => !text.includes('ERR_INTERNET_DISCONNECTED'))
})

test.each([
  ['phone', 360, 740, 'dark'],
  ['desktop', 1280, 800, 'light'],
] as const)('fits a %s, and axe finds nothing', async (name, width, height, colorScheme) => {
  await bob.page.emulateMedia({ colorScheme })
  await bob.page.setViewportSize({ width, height })
  // A long word, and another one each time: the test waits until it is there.
  await send(bob.page, name.repeat(30))
  const { message, badge, messages } = screen(bob.page)
  const places = () => Promise.all([message, badge, messages].map((part: Locator) => part.boundingBox()))
  const before = await places()
  await screen(ann.page).message.press('H')
  await screen(bob.page).seesTyping('Ann is typing…')
  expect(await places()).toEqual(before)
  const overflow = await bob.page.evaluate(() => {
    const { scrollWidth, scrollHeight, clientWidth, clientHeight } = document.documentElement
    return [scrollWidth - clientWidth, scrollHeight - clientHeight]
  })
  expect(overflow).toEqual([0, 0])
  await bob.page.addScriptTag({ path: axe })
  const violations = await bob.page.evaluate(async () => {
    // Ends the badge's fading, because axe looks at one moment.
    for (const animation of document.getAnimations()) if (animation instanceof CSSTransition) animation.finish()
    const { axe } = window as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } }
    return (await axe.run()).violations.map(({ id }) => id)
  })
  expect(violations).toEqual([])
  await screen(ann.page).message.fill('')
})

test('without a login, or from another site, nobody gets anything', async () => {
  const history = await fetch(`${url}/api/history`)
  expect(history.status).toBe(401)

  const refusal = (extraHeaders: Record<string, string>) =>
    new Promise<string>((resolve, reject) => {
      const socket = io(url, { extraHeaders, transports: ['websocket'], reconnection: false })
      socket.once('connect', () => reject(new Error('It has connected.')))
      socket.once('connect_error', (error) => resolve(error.message))
    })
  expect(await refusal({})).toBe('Sign in first.')

  const cookies = await ann.context.cookies()
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  expect(await refusal({ cookie, origin: 'https://elsewhere.example' })).toBe('websocket error')
})

test('a wrong password is refused', async () => {
  const context = await browser.newContext()
  const page = await openPage(context)
  await fillIn(page, 'Ann', 'not the password')
  await page.getByText('Somebody has this name and another password').waitFor()
  await context.close()
  complaints = complaints.filter((text) => !text.includes('401'))
})

test('who signs out has signed out in each tab', async () => {
  const other = await openPage(ann.context)
  await screen(other).untilOnline()
  await other.getByRole('button', { name: 'Sign out' }).click()
  for (const page of [other, ann.page]) await page.getByRole('button', { name: 'Sign in' }).waitFor()
})
