import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { type Browser, chromium } from 'playwright'
import { build, preview, type PreviewServer } from 'vite'
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest'
import { wholeBrowserLaunchOptions } from '../../scripts/browser.mjs'
import { freePort } from '../support/free-port.ts'
import { SOON } from './soon.ts'

const folder = mkdtempSync(join(tmpdir(), 'popped-out-'))
let server: PreviewServer
let browser: Browser

beforeAll(async () => {
  const root = fileURLToPath(new URL('popped-out', import.meta.url))
  const built = { root, configFile: false, build: { outDir: folder, emptyOutDir: true } } as const
  await build({ ...built, plugins: [react()], logLevel: 'error' })
  server = await preview({ ...built, preview: { port: await freePort() } })
  browser = await chromium.launch(await wholeBrowserLaunchOptions())
})
afterAll(async () => {
  await browser.close()
  await server.close()
  rmSync(folder, { recursive: true })
})

/** Opens the pages of Ann and Bob, and Ann's field in a window of its own. They close with the test. */
async function openWindows({ onTestFinished }: TestContext) {
  const context = await browser.newContext()
  onTestFinished(() => context.close())
  const open = async (user: string, to: string) => {
    const page = await context.newPage()
    await page.goto(`${server.resolvedUrls!.local[0]!}?user=${user}&to=${to}`)
    return page
  }
  const bob = await open('bob', 'ann')
  const ann = await open('ann', 'bob')
  const opened = ann.waitForEvent('popup')
  await ann.getByRole('button', { name: 'Pop out' }).click()
  const popup = await opened
  const field = popup.getByLabel('Message')

  const bobSees = (state: 'typing' | 'idle', timeout = SOON) =>
    bob
      .locator(`[data-typing-badge][data-state=${state}]`)
      .waitFor({ state: state === 'idle' ? 'attached' : 'visible', timeout })

  /** From a key on: idleTimeout would end typing after 4 s. */
  async function endsTyping(end: () => Promise<unknown>) {
    await field.press('H')
    await bobSees('typing')
    await end()
    await bobSees('idle')
  }

  return { ann, bob, popup, field, bobSees, endsTyping }
}

// Each has a profile of its own, and mostly waits: they run side by side.
describe.concurrent('a field in a window of its own', () => {
  test('S1, S4, S6: a person types in a popped-out window; Enter ends it, and so does an emptied field', async (context) => {
    const { bob, field, endsTyping } = await openWindows(context)
    await endsTyping(() => field.press('Enter'))
    await bob.getByText('H', { exact: true }).waitFor({ timeout: SOON })
    await endsTyping(() => field.press('Backspace'))
  })

  test('S4: closing a popped-out window ends typing, though the page behind it goes on', async (context) => {
    const { ann, popup, endsTyping } = await openWindows(context)
    await endsTyping(() => popup.close())
    expect(ann.isClosed()).toBe(false)
  })

  test('S4: a popped-out window that goes to another page ends typing', async (context) => {
    const { popup, endsTyping } = await openWindows(context)
    await endsTyping(() => popup.goto(server.resolvedUrls!.local[0]!))
  })

  test('S3: leaving a popped-out window ends typing with idleTimeout, as leaving a field in the page does', async (context) => {
    const { ann, field, bobSees } = await openWindows(context)
    await field.press('H')
    await bobSees('typing')
    const began = Date.now()
    await ann.bringToFront()
    await field.blur()
    await bobSees('idle', 6000)
    expect(Date.now() - began).toBeGreaterThan(3000)
  })

  test('S6: a program that writes into a popped-out field types nothing', async (context) => {
    const { bob, field } = await openWindows(context)
    const states = await bob.evaluateHandle(() => {
      const badge = document.querySelector<HTMLElement>('[data-typing-badge]')!
      const seen: (string | undefined)[] = []
      new MutationObserver(() => seen.push(badge.dataset.state)).observe(badge, { attributeFilter: ['data-state'] })
      return seen
    })
    await field.evaluate((input: HTMLInputElement) => {
      input.value = 'written'
      input.dispatchEvent(new Event('change', { bubbles: true }))
    })
    // It arrives after whatever typing would have been shown.
    await field.press('Enter')
    await bob.getByText('written').waitFor({ timeout: SOON })
    expect(await states.jsonValue()).toEqual([])
  })
})
