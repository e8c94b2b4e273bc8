import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findWebKit } from '../../../scripts/engines.mjs'
import { freePort } from '../free-port.ts'
import { until } from '../until.ts'
import { clickingAt, holding, middleOf, pressing } from './actions.ts'
import { callOf, type Engine, type EngineLauncher, type EnginePage } from './engine.ts'
import { startProcess } from '../start-process.ts'

type Call = <T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) => Promise<T>

interface Session {
  readonly sessionId: string
  readonly capabilities: { readonly browserVersion: string }
}

/** Speaks WebDriver: https://www.w3.org/TR/webdriver */
const callAt =
  (address: string): Call =>
  async <T>(method: string, path: string, body?: object) => {
    const response = await fetch(`${address}${path}`, { method, ...(body && { body: JSON.stringify(body) }) })
    const { value } = (await response.json()) as { value: T & { error?: string; message?: string } }
    if (!response.ok) throw new Error(`${method} ${path}: ${value.error ?? ''} ${value.message ?? ''}`)
    return value
  }

/** WebKitGTK's small browser, on a screen that nobody sees, driven by WebDriver. */
async function launchWebKit(miniBrowser: string): Promise<Engine> {
  const screen = await startProcess('Xvfb', ['-displayfd', '1', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'], {
    // Before it may stand complaints about the screens of others.
    ready: /^(\d+)\n/m,
  })
  const config = mkdtempSync(join(tmpdir(), 'webkit-'))
  mkdirSync(join(config, 'gtk-3.0'))
  const port = await freePort()
  const address = `http://127.0.0.1:${port}`
  const driver = await startProcess('WebKitWebDriver', [`--port=${port}`], {
    env: { DISPLAY: `:${screen.found}`, GDK_BACKEND: 'x11', XDG_CONFIG_HOME: config, NO_AT_BRIDGE: '1' },
  })
  const call = callAt(address)
  await until(
    () =>
      fetch(`${address}/status`).then(
        ({ ok }) => ok,
        () => false,
      ),
    'WebKitWebDriver answers',
    10_000,
  )

  let session = await startSession()
  function startSession(...args: readonly string[]): Promise<Session> {
    const browserOptions = { binary: miniBrowser, args: ['--automation', ...args] }
    const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': browserOptions } }
    return call<Session>('POST', '/session', { capabilities })
  }

  return {
    version: session.capabilities.browserVersion,
    async open(url) {
      const path = `/session/${session.sessionId}`
      const inSession: Call = (method, command, body) => call(method, `${path}${command}`, body)
      // The first window stays open: without any window the session ends. A new window needs a chosen one.
      const [first] = await inSession<string[]>('GET', '/window/handles')
      await inSession('POST', '/window', { handle: first })
      const { handle } = await inSession<{ handle: string }>('POST', '/window/new', { type: 'window' })
      const page = drive(inSession, handle)
      await page.goto(url)
      return page
    },
    async prefer({ colours, reducedMotion }) {
      // It reads GTK's settings when it starts.
      const settings = `[Settings]\ngtk-enable-animations=${reducedMotion ? 0 : 1}\n`
      writeFileSync(join(config, 'gtk-3.0', 'settings.ini'), settings)
      await call('DELETE', `/session/${session.sessionId}`)
      session = await startSession(...(colours === 'dark' ? ['--dark-mode'] : []))
    },
    async close() {
      await call('DELETE', `/session/${session.sessionId}`)
      await driver.end()
      await screen.end()
      rmSync(config, { recursive: true, force: true })
    },
  }
}

function drive(call: Call, handle: string): EnginePage {
  /** Each command is for the window that was chosen last. */
  const inWindow: Call = async (method, path, body) => {
    await call('POST', '/window', { handle })
    return call(method, path, body)
  }
  const perform = (actions: unknown) => inWindow<undefined>('POST', '/actions', { actions })
  const evaluate: EnginePage['evaluate'] = async <T>(
    run: (...args: never[]) => unknown,
    ...args: readonly unknown[]
  ) => {
    const script = `const done = arguments[0]
      new Promise((resolve) => resolve(${callOf(run, args)})).then(
        (value) => done(JSON.stringify({ value })),
        (error) => done(JSON.stringify({ error: String(error) })))`
    const answer = await inWindow<string>('POST', '/execute/async', { script, args: [] })
    const { value, error } = JSON.parse(answer) as { value: T; error?: string }
    if (error !== undefined) throw new Error(error)
    return value
  }
  return {
    evaluate,
    async goto(url) {
      await inWindow('POST', '/url', { url })
      // In a new window the command may be answered by the empty page that was there before.
      const hasLoaded = (url: string) => location.href === url && document.readyState === 'complete'
      await until(() => evaluate(hasLoaded, url), `${url} has loaded`, 15_000)
    },
    reload: () => inWindow('POST', '/refresh', {}),
    back: () => evaluate(() => void setTimeout(() => history.back())),
    press: (...keys) => perform(pressing(keys)),
    chord: (...keys) => perform(holding(keys)),
    click: async (selector) => perform(clickingAt(await evaluate(middleOf, selector))),
    // GTK's own input method: Ctrl+Shift+U, the number of the character, and a space.
    async compose(character) {
      await perform(holding(['Control', 'Shift', 'u']))
      await perform(pressing([...character.codePointAt(0)!.toString(16), ' ']))
    },
    async isAccessibleAs(selector, role, name) {
      const found = await inWindow<Record<string, string>>('POST', '/element', {
        using: 'css selector',
        value: selector,
      })
      const element = `/element/${Object.values(found)[0]!}`
      const computed = [await call('GET', `${element}/computedrole`), await call('GET', `${element}/computedlabel`)]
      return computed[0] === role && computed[1] === name
    },
    async screenshot(file) {
      writeFileSync(file, await inWindow<string>('GET', '/screenshot'), 'base64')
    },
    resize: (width, height) => inWindow('POST', '/window/rect', { width, height }),
    close: () => inWindow('DELETE', '/window'),
  }
}

const miniBrowser = findWebKit()
export const webkitLauncher: EngineLauncher | undefined = miniBrowser
  ? { name: 'WebKit', launch: () => launchWebKit(miniBrowser) }
  : undefined
