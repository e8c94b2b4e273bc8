import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFirefox } from '../../../scripts/engines.mjs'
import { clickingAt, holding, middleOf, pressing } from './actions.ts'
import { connectBidi } from './bidi.ts'
import { callOf, type Engine, type EngineLauncher, type EnginePage, type Preferences } from './engine.ts'
import { startProcess } from '../start-process.ts'

interface Evaluated {
  readonly type: 'success' | 'exception'
  readonly result?: { readonly value?: string }
  readonly exceptionDetails?: { readonly text: string }
}

type Send = <T>(method: string, params: object) => Promise<T>

/** Evaluates an expression in a page, or in the browser's own window. Its value comes back as JSON. */
async function evaluateIn<T>(send: Send, context: string, expression: string): Promise<T> {
  const { type, result, exceptionDetails } = await send<Evaluated>('script.evaluate', {
    expression: `(async () => JSON.stringify({ value: await ${expression} }))()`,
    target: { context },
    awaitPromise: true,
    userActivation: true,
  })
  if (type === 'exception' || result?.value === undefined) throw new Error(exceptionDetails?.text ?? 'no value')
  return (JSON.parse(result.value) as { value: T }).value
}

/** Firefox, driven by WebDriver BiDi. */
async function launchFirefox(firefox: string): Promise<Engine> {
  const profile = mkdtempSync(join(tmpdir(), 'firefox-'))
  writeFileSync(join(profile, 'user.js'), 'user_pref("browser.shell.checkDefaultBrowser", false);\n')
  const args = ['--headless', '--no-remote', '--profile', profile]
  const program = await startProcess(
    firefox,
    [...args, '--remote-debugging-port', '0', '--remote-allow-system-access'],
    { ready: /WebDriver BiDi listening on (ws:\S+)/ },
  )
  const { send, close } = await connectBidi(`${program.found}/session`)
  const session = await send<{ capabilities: { browserVersion: string } }>('session.new', { capabilities: {} })

  /** The window of the browser itself. Its program may do everything: set preferences, and write with an input method. */
  const chromeWindow = async () => {
    const tree = { 'moz:scope': 'chrome' }
    const { contexts } = await send<{ contexts: { context: string }[] }>('browsingContext.getTree', tree)
    return contexts.at(-1)!.context
  }

  return {
    version: session.capabilities.browserVersion,
    async open(url) {
      const { context } = await send<{ context: string }>('browsingContext.create', { type: 'window' })
      const page = drive({ send, context, chromeWindow })
      await page.goto(url)
      return page
    },
    async prefer(preferences) {
      await evaluateIn(send, await chromeWindow(), callOf(setPreferences, [preferences]))
    },
    async close() {
      close()
      await program.end()
      rmSync(profile, { recursive: true, force: true })
    },
  }
}

declare const Services: { prefs: { setIntPref(name: string, value: number): void } }

/** It runs in the browser's own window. */
function setPreferences({ colours, reducedMotion, forcedColours }: Partial<Preferences>): void {
  Services.prefs.setIntPref('ui.prefersReducedMotion', reducedMotion ? 1 : 0)
  // 0 is dark, 1 is light.
  Services.prefs.setIntPref('layout.css.prefers-color-scheme.content-override', colours === 'dark' ? 0 : 1)
  // 2 replaces the colours of all pages.
  Services.prefs.setIntPref('browser.display.document_color_use', forcedColours ? 2 : 0)
}

interface TextInputProcessor {
  beginInputTransactionForTests(window: unknown): boolean
  setPendingCompositionString(text: string): void
  appendClauseToPendingComposition(length: number, attribute: number): void
  setCaretInPendingComposition(offset: number): void
  flushPendingComposition(): boolean
  commitCompositionWith(text: string): boolean
  readonly ATTR_RAW_CLAUSE: number
}
declare const Cc: Record<string, { createInstance(type: unknown): TextInputProcessor }>
declare const Ci: Record<string, unknown>

/** It runs in the browser's own window. */
function composeInWindow(character: string): void {
  const processor = Cc['@mozilla.org/text-input-processor;1']!.createInstance(Ci.nsITextInputProcessor)
  if (!processor.beginInputTransactionForTests(window)) throw new Error('the window has another input method')
  processor.setPendingCompositionString('u')
  processor.appendClauseToPendingComposition(1, processor.ATTR_RAW_CLAUSE)
  processor.setCaretInPendingComposition(1)
  processor.flushPendingComposition()
  processor.commitCompositionWith(character)
}

interface Driven {
  readonly send: Send
  /** The page. */
  readonly context: string
  readonly chromeWindow: () => Promise<string>
}

function drive({ send, context, chromeWindow }: Driven): EnginePage {
  const perform = (actions: unknown) => send<undefined>('input.performActions', { context, actions })
  const evaluate: EnginePage['evaluate'] = (run, ...args) => evaluateIn(send, context, callOf(run, args))
  return {
    evaluate,
    goto: (url) => send('browsingContext.navigate', { context, url, wait: 'complete' }),
    reload: () => send('browsingContext.reload', { context, wait: 'complete' }),
    // A command to go back is never answered when the page comes from the back/forward cache.
    back: () => evaluate(() => void setTimeout(() => history.back())),
    press: (...keys) => perform(pressing(keys)),
    chord: (...keys) => perform(holding(keys)),
    click: async (selector) => perform(clickingAt(await evaluate(middleOf, selector))),
    async compose(character) {
      await send('browsingContext.activate', { context })
      await evaluateIn(send, await chromeWindow(), callOf(composeInWindow, [character]))
    },
    async isAccessibleAs(selector, role, name) {
      const locator = { type: 'accessibility', value: { role, name } }
      const { nodes } = await send<{ nodes: object[] }>('browsingContext.locateNodes', { context, locator })
      const { result } = await send<{ result: { value: boolean } }>('script.callFunction', {
        functionDeclaration: '(selector, ...found) => found.includes(document.querySelector(selector))',
        arguments: [{ type: 'string', value: selector }, ...nodes],
        target: { context },
        awaitPromise: false,
      })
      return result.value
    },
    async screenshot(file) {
      const { data } = await send<{ data: string }>('browsingContext.captureScreenshot', { context })
      writeFileSync(file, data, 'base64')
    },
    resize: (width, height) => send('browsingContext.setViewport', { context, viewport: { width, height } }),
    close: () => send('browsingContext.close', { context }),
  }
}

const firefox = findFirefox()
export const firefoxLauncher: EngineLauncher | undefined = firefox
  ? { name: 'Firefox', launch: () => launchFirefox(firefox) }
  : undefined
