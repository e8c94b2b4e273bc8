import type { BrowserContext, Locator, Page } from 'playwright'
import { until } from './until.ts'

/** A person in front of the page of an app. */
export interface Person {
  readonly page: Page
  /** Where they write. */
  readonly field: Locator
  /** The sentence about typing on their screen; '' while nobody is shown. */
  typing(): Promise<string>
  /** Waits until the sentence about typing has this in it, at most 3 s. */
  sees(part: string): Promise<void>
  /** How long it takes until nobody is shown typing, in milliseconds. `Infinity` when it takes longer than 9 s. */
  timeUntilNobodyTypes(): Promise<number>
  /** Notes every sentence about typing that appears from now on. */
  noteTyping(): Promise<{ sentences(): Promise<string[]> }>
  /** Waits until a message with this text is shown. @returns the sentence about typing at that moment */
  typingOnArrival(text: string): Promise<string>
  send(): Promise<void>
  /** What the page has sent about typing. */
  typingEvents(): string[]
  /** The errors and warnings on the console. */
  complaints(): readonly string[]
  /** Takes the network away without a word: neither side closes the connection. */
  vanish(): void
  /** Cuts the network of this person's profile, with all of its tabs, and waits until the page has noticed. */
  goOffline(): Promise<void>
  /** Gives the network back, and waits until the page is connected again. */
  goOnline(): Promise<void>
  /** Closes the tab. */
  leave(): Promise<void>
}

/** Longer than the 8 s within which whoever has vanished has to be gone (S5). */
const LONG = 9000

/** The sentence about typing, in both versions of both apps. Runs in the page. */
const SENTENCE = `(() => {
  const line = document.querySelector('.typing')
  if (line === null || line.dataset.state === 'idle') return ''
  const label = line.querySelector('[data-part=label]') ?? line
  return label.textContent.replaceAll(/[\\u2068\\u2069]/g, '')
})()`

const CHANGES = '{ subtree: true, childList: true, characterData: true, attributes: true }'

const NOTE_TYPING = `(() => {
  const noted = ['']
  new MutationObserver(() => {
    const sentence = ${SENTENCE}
    if (sentence !== noted.at(-1)) noted.push(sentence)
  }).observe(document.body, ${CHANGES})
  return noted
})()`

/** Waits in the page, and without polling, since many pages wait at the same time. */
const timeUntil = (condition: string, limit: number) => `new Promise((resolve) => {
  const start = performance.now()
  const look = () => {
    if (${condition}) resolve(performance.now() - start)
  }
  new MutationObserver(look).observe(document.body, ${CHANGES})
  setTimeout(() => resolve(Infinity), ${limit})
  look()
})`

const typingOnArrivalOf = (text: string) => `new Promise((resolve) => {
  const look = () => {
    const log = document.querySelector('[role=log]')
    if (log?.textContent.includes(${JSON.stringify(text)})) resolve(${SENTENCE})
  }
  new MutationObserver(look).observe(document.body, ${CHANGES})
  // A sender outside of the browser may have been faster than this script.
  look()
})`

const TYPING_EVENTS = ['typing', 'stop typing', 'om:lease']

/** Opens the app in a tab of its own, and enters a name. */
export async function enterApp(context: BrowserContext, { url, name }: { url: string; name: string }): Promise<Person> {
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))

  const sentFrames: string[] = []
  let hasVanished = false
  let hasClosed = false
  await page.routeWebSocket(/socket\.io/, (ofPage) => {
    const ofServer = ofPage.connectToServer()
    ofPage.onMessage((frame) => {
      if (hasVanished) return
      sentFrames.push(String(frame))
      ofServer.send(frame)
    })
    ofServer.onMessage((frame) => {
      if (!hasVanished) ofPage.send(frame)
    })
    ofPage.onClose(() => {
      hasClosed = true
      void ofServer.close()
    })
  })

  await page.goto(url)
  await page.getByLabel('Your name').fill(name)
  await page.getByRole('button').click()
  // Engine.IO's packet for "upgraded": from now on everything goes over the WebSocket.
  const upgrades = () => sentFrames.filter((frame) => frame === '5').length
  await until(() => upgrades() === 1)

  const typing = () => page.evaluate<string>(SENTENCE)
  return {
    page,
    field: page.getByRole('textbox', { name: 'Message' }),
    typing,
    async sees(part) {
      const time = await page.evaluate<number>(timeUntil(`${SENTENCE}.includes(${JSON.stringify(part)})`, 3000))
      if (time === Infinity) throw new Error(`${name} sees "${await typing()}", and not "${part}".`)
    },
    timeUntilNobodyTypes: () => page.evaluate<number>(timeUntil(`${SENTENCE} === ''`, LONG)),
    async noteTyping() {
      const noted = await page.evaluateHandle<string[]>(NOTE_TYPING)
      return { sentences: async () => (await noted.jsonValue()).slice(1) }
    },
    typingOnArrival(text) {
      const arrival = page.evaluate<string>(typingOnArrivalOf(text))
      // A test that fails closes the page before it has come to wait for this.
      arrival.catch(() => {})
      return arrival
    },
    send: () => page.getByRole('button', { name: 'Send' }).click(),
    typingEvents: () =>
      sentFrames
        .map((frame) => /^42\d*\["([^"]+)"/.exec(frame)?.[1] ?? '')
        .filter((event) => TYPING_EVENTS.includes(event)),
    complaints: () => complaints,
    vanish: () => (hasVanished = true),
    async goOffline() {
      await context.setOffline(true)
      await until(() => hasClosed)
    },
    async goOnline() {
      await context.setOffline(false)
      await until(() => upgrades() === 2)
    },
    leave: () => page.close(),
  }
}
