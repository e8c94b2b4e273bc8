/**
 * Finds the Chromium the tests drive: the one named by CHROMIUM_PATH, else an installed Chrome or Chromium that really
 * starts, else Playwright's own. Says how to start it.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Chromium's own sandbox refuses to start as root. */
const isRoot = process.getuid?.() === 0

/** What the tests start a browser with, besides `--headless`. */
const browserArgs = [
  ...(isRoot ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome', 'msedge']
const wellKnown = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ...[process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
    .filter(Boolean)
    .map((folder) => join(folder, 'Google/Chrome/Application/chrome.exe')),
]

const isExecutable = (file) => {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

/** Installed browsers, in the order in which they are tried. */
const installed = () =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .flatMap((folder) => names.map((name) => join(folder, process.platform === 'win32' ? `${name}.exe` : name)))
    .concat(wellKnown)
    .filter(isExecutable)

/** Being there is not enough: a distribution's stub or a missing library shows only when it is started. */
const starts = (file) => {
  const page = 'data:text/html,<title>it starts</title>'
  const { status, stdout } = spawnSync(file, ['--headless', ...browserArgs, '--dump-dom', page], {
    encoding: 'utf8',
    timeout: 30_000,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return status === 0 && stdout.includes('it starts')
}

// Starting a browser costs about a second: what has started once is remembered until the file changes.
const memory = fileURLToPath(new URL('../node_modules/.cache/react-online-message/browser', import.meta.url))
const stamp = (file) => `${file}\n${statSync(file).mtimeMs}\n${isRoot}`
const remembered = (file) => existsSync(memory) && readFileSync(memory, 'utf8') === stamp(file)
const remember = (file) => {
  mkdirSync(dirname(memory), { recursive: true })
  writeFileSync(memory, stamp(file))
  return true
}
const works = (file) => remembered(file) || (starts(file) && remember(file))

/** Playwright's own download, where it is there. Playwright itself may not be installed yet. */
const downloaded = async () => {
  try {
    const { chromium } = await import('playwright')
    return [chromium.executablePath()].filter(isExecutable)
  } catch {
    return []
  }
}

/**
 * The path of a Chromium that starts, or `undefined` when there is none.
 *
 * @throws {Error} when CHROMIUM_PATH names something that does not start
 */
export async function findBrowser() {
  const named = process.env.CHROMIUM_PATH
  if (named) {
    if (isExecutable(named) && works(named)) return named
    throw new Error(`CHROMIUM_PATH is ${named}, which does not start. Name a Chrome or Chromium, or unset it.`)
  }
  return installed().find(works) ?? (await downloaded()).find(works)
}

/** Playwright's launch options for that browser. Without one Playwright says itself what is missing. */
export async function browserLaunchOptions() {
  const executablePath = await findBrowser()
  return { args: browserArgs, ...(executablePath ? { executablePath } : {}) }
}
