import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { chromium, type Page } from 'playwright'
import { createServer as createPageServer } from 'vite'
import { describe, expect, test } from 'vitest'
import { browserLaunchOptions } from '../../scripts/browser.mjs'
import { findHermes } from '../../scripts/hermes.mjs'
import { formatTyping } from '../../src/core/index.ts'
import * as locales from '../../src/locales/index.ts'
import { installPackedLibrary } from '../support/packed-library.ts'
import { freePort } from '../support/free-port.ts'

/*
 * What test/react-native has: Jest with React Native's preset, Metro, and Hermes. They use the package as npm publishes it.
 * They run side by side, before the tests below, which look at what they found.
 */

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = join(root, 'test/react-native')
const packages = join(folder, 'node_modules')
const temporary = mkdtempSync(join(tmpdir(), 'react-native-'))

const execute = promisify(execFile)
const node = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  execute(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, NODE_ENV: undefined, VITEST: undefined, ...env },
    maxBuffer: 100_000_000,
    timeout: 240_000,
  })

/** Does on Bob's page what the phone's test asks for, and says what is on it. */
async function answer(page: Page, question: string): Promise<string> {
  const badge = (state: string) => page.locator(`[data-typing-badge][data-state=${state}]`)
  const [verb, ...rest] = question.split(' ')
  const object = rest.join(' ')
  const message = page.getByRole('textbox', { name: 'Message' })
  const timeout = 2000
  if (verb === 'type') {
    await message.pressSequentially(object)
    return 'typed'
  }
  if (verb === 'press') {
    await message.press(object)
    return 'pressed'
  }
  if (object === 'typing') {
    await badge('typing').waitFor({ timeout })
    return badge('typing').locator('[data-part=label]').innerText()
  }
  if (object === 'nobody') {
    await badge('idle').waitFor({ state: 'attached', timeout })
    return 'nobody'
  }
  const text = object.replace('message ', '')
  await page.getByRole('log').getByText(text, { exact: true }).waitFor({ timeout })
  return text
}

/** The page of `npm start` with Bob alone, in a browser. */
async function openBobsPage() {
  const configFile = join(root, 'examples/two-people/vite.config.ts')
  const pageServer = await createPageServer({ configFile, server: { port: await freePort() }, logLevel: 'error' })
  await pageServer.listen()
  const url = pageServer.resolvedUrls!.local[0]!
  const browser = await chromium.launch(await browserLaunchOptions())
  const page = await browser.newPage()
  // Metro uses one core, and Vite bundles the packages of the page first.
  page.setDefaultTimeout(60_000)
  await page.goto(`${url}?only=bob`)
  await page.getByText('Online', { exact: true }).waitFor()

  const control = createServer((request, response) => {
    const question = decodeURIComponent(request.url!.slice(1))
    void answer(page, question).then(
      (text) => response.end(text),
      (error: unknown) => response.end(String(error)),
    )
  }).listen(0, '127.0.0.1')
  await once(control, 'listening')
  const { port } = control.address() as AddressInfo
  return {
    chatUrl: url,
    browserUrl: `http://127.0.0.1:${port}`,
    async close() {
      control.closeAllConnections()
      control.close()
      await browser.close()
      await pageServer.close()
    },
  }
}

interface JestCase {
  readonly fullName: string
  readonly failureMessages: readonly string[]
  readonly status: string
}

interface JestReport {
  readonly testResults: readonly { readonly message: string; readonly assertionResults: readonly JestCase[] }[]
}

async function runJest(): Promise<JestReport> {
  const bob = await openBobsPage()
  const report = join(temporary, 'jest.json')
  try {
    await node([join(packages, 'jest/bin/jest.js'), '--ci', '--runInBand', '--json', `--outputFile=${report}`], {
      CHAT_URL: bob.chatUrl,
      BROWSER_URL: bob.browserUrl,
    }).catch((error: unknown) => {
      // Jest ends with 1 when a test fails: the report says which.
      if ((error as { code?: unknown }).code !== 1) throw error
    })
  } finally {
    await bob.close()
  }
  return JSON.parse(readFileSync(report, 'utf8')) as JestReport
}

const bundle = (project: string, program: string) => node(['bundle.mjs', project, program, join(temporary, program)])

/** The project that a reader of the example makes: its files beside their packages. */
async function bundleExample() {
  const project = join(packages, 'chat')
  rmSync(project, { recursive: true, force: true })
  cpSync(join(root, 'examples/react-native'), project, { recursive: true })
  await bundle(project, 'index.js')
  return {
    script: readFileSync(join(temporary, 'index.js.js'), 'utf8'),
    bytecode: readFileSync(join(temporary, 'index.js.hbc')),
  }
}

interface HermesReport {
  readonly typing: unknown
  readonly sentences: Readonly<Record<string, readonly string[]>>
  readonly globalsBefore: readonly string[]
}

async function runHermes(): Promise<HermesReport> {
  await bundle('.', 'hermes-program.ts')
  const { stdout } = await execute(findHermes()!, ['-w', '-Xmicrotask-queue', join(temporary, 'hermes-program.ts.js')])
  return JSON.parse(stdout) as HermesReport
}

installPackedLibrary(folder)
const [jest, [hermes, example]] = await Promise.all([
  runJest(),
  // One after the other: each of them uses a whole core.
  runHermes().then(async (report) => [report, await bundleExample()] as const),
]).finally(() => rmSync(temporary, { recursive: true, force: true }))

describe('Jest, with the preset of React Native', () => {
  test('loads every file', () => {
    const messages = jest.testResults.filter(({ assertionResults }) => assertionResults.length === 0)
    expect(messages.map(({ message }) => message)).toEqual([])
    expect(jest.testResults).toHaveLength(3)
  })

  const cases = jest.testResults.flatMap(({ assertionResults }) => assertionResults)
  test.each(cases.map((result) => [result.fullName, result] as const))('%s', (_name, { status, failureMessages }) => {
    expect(failureMessages).toEqual([])
    expect(status).toBe('passed')
  })
})

describe('Metro', () => {
  test('bundles the example, and Hermes compiles it', () => {
    expect(example.script).toContain('setVisibilitySource')
    expect(example.bytecode.byteLength).toBeGreaterThan(500_000)
  })

  test('one copy of the library is in the bundle, and nothing of the badge for web pages', () => {
    expect(example.script.match(/function createTypingSender\(/g)).toHaveLength(1)
    expect(example.script).not.toContain('data-typing-badge')
    expect(example.script).not.toContain('beforeinput')
  })
})

describe('Hermes', () => {
  test('has nothing that the library must do without', () => {
    expect(hermes.globalsBefore).toEqual([])
  })

  test('S1 to S4: two clients type to each other, and send', () => {
    expect(hermes.typing).toEqual({
      // The network takes 20 ms. The last key is at 11 s, and typing ends 4 s later.
      seen: [
        [20, 1],
        [15_020, 0],
        [22_020, 1],
        [22_120, 0],
      ],
      texts: [[{ text: 'grüße 👋' }, 'ann']],
      result: { ok: true, recipients: 1 },
      tooLarge: 'too-large',
      timers: 0,
    })
  })

  test('says the sentences of all languages as Node does', () => {
    const people = ['Ada', 'Grace', 'Émile'].map(
      (name, index) => ({ id: `${index}`, name, activity: 'typing', since: 1 }) as const,
    )
    const expected = Object.entries(locales).map(([name, locale]) => [
      name,
      [1, 2, 3, 5, 12, 21].map((total) => formatTyping({ typists: people.slice(0, total), total }, locale)),
    ])
    expect(Object.keys(hermes.sentences)).toHaveLength(27)
    // Hermes without Intl writes numbers in Western digits, and not in Arabic, Persian or Hindi ones.
    const digits = '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९'
    const westernDigits = (text: string) =>
      text.replace(/\p{Nd}/gu, (digit) => (digits.includes(digit) ? String(digits.indexOf(digit) % 10) : digit))
    expect(hermes.sentences).toEqual(JSON.parse(westernDigits(JSON.stringify(Object.fromEntries(expected)))))
  })
})
