import { chromium, type CDPSession, type Page } from 'playwright'
import { wholeBrowserLaunchOptions } from '../../../scripts/browser.mjs'
import { callOf, type Engine, type EngineLauncher, type EnginePage } from './engine.ts'

/** Chromium, driven by Playwright. */
async function launchChromium(): Promise<Engine> {
  const browser = await chromium.launch({
    ...(await wholeBrowserLaunchOptions()),
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] })
  const preferred: { name: string; value: string }[] = []
  return {
    version: browser.version(),
    async open(url) {
      const page = await context.newPage()
      const session = await context.newCDPSession(page)
      await session.send('Emulation.setEmulatedMedia', { features: preferred })
      await page.goto(url)
      return drive(page, session)
    },
    prefer({ colours, reducedMotion, forcedColours }) {
      preferred.splice(0)
      if (colours) preferred.push({ name: 'prefers-color-scheme', value: colours })
      if (reducedMotion) preferred.push({ name: 'prefers-reduced-motion', value: 'reduce' })
      if (forcedColours) preferred.push({ name: 'forced-colors', value: 'active' })
      return Promise.resolve()
    },
    close: () => browser.close(),
  }
}

function drive(page: Page, session: CDPSession): EnginePage {
  return {
    evaluate: (run, ...args) => page.evaluate(callOf(run, args)),
    async goto(url) {
      await page.goto(url)
    },
    async reload() {
      await page.reload()
    },
    async back() {
      await page.evaluate('void setTimeout(() => history.back())')
    },
    async press(...keys) {
      for (const key of keys) await page.keyboard.press(key === ' ' ? 'Space' : key)
    },
    chord: (...keys) => page.keyboard.press(keys.join('+')),
    click: (selector) => page.click(selector),
    async compose(character) {
      await session.send('Input.imeSetComposition', { text: 'u', selectionStart: 1, selectionEnd: 1 })
      await session.send('Input.insertText', { text: character })
    },
    async isAccessibleAs(selector, role, name) {
      const { root } = await session.send('DOM.getDocument')
      const { nodeId } = await session.send('DOM.querySelector', { nodeId: root.nodeId, selector })
      const { nodes } = await session.send('Accessibility.getPartialAXTree', { nodeId, fetchRelatives: false })
      const [node] = nodes
      return node?.role?.value === role && node.name?.value === name
    },
    async screenshot(path) {
      await page.screenshot({ path })
    },
    resize: (width, height) => page.setViewportSize({ width, height }),
    close: () => page.close(),
  }
}

export const chromiumLauncher: EngineLauncher = { name: 'Chromium', launch: launchChromium }
