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

/** What Playwright turns off in Chromium. It is repeated here, since Chromium heeds the last `--disable-features` only. */
const turnedOffByPlaywright = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'TcpPortRandomizationWin',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'msForceBrowserSignIn',
  'msEdgeUpdateLaunchServicesPreferredVersion',
]

/** The suggestions below the address bar are two more pages for every window, and half of the work of a small test. */
const suggestions = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup']

/** What the tests start a browser with, besides `--headless`. */
const browserArgs = [
  ...(isRoot ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${[...turnedOffByPlaywright, ...suggestions].join(',')}`,
]

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome', 'msedge']
const wellKnown = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ...[process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
    .filter(Boolean)
    .map((folder) => join(folder, 'Google/Chrome/Application/chrome.exe')),
]

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

/** Installed browsers, in the order in which they are tried. */
function installedBrowsers() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const inPath = folders.flatMap((folder) => names.map((name) => join(folder, `${name}${suffix}`)))
  return [...inPath, ...wellKnown].filter(isExecutable)
}

/** A file is not enough: only a start shows a distribution's stub or a missing library. */
function starts(file) {
  const page = 'data:text/html,<title>it starts</title>'
  const { status, stdout } = spawnSync(file, ['--headless', ...browserArgs, '--dump-dom', page], {
    encoding: 'utf8',
    timeout: 30_000,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return status === 0 && stdout.includes('it starts')
}

/** Starting a browser takes about a second: the last one that did is noted here, until its file changes. */
const noteFile = fileURLToPath(new URL('../node_modules/.cache/react-online-message/browser', import.meta.url))

function works(file) {
  const note = `${file}\n${statSync(file).mtimeMs}\n${isRoot}`
  if (existsSync(noteFile) && readFileSync(noteFile, 'utf8') === note) return true
  if (!starts(file)) return false
  mkdirSync(dirname(noteFile), { recursive: true })
  writeFileSync(noteFile, note)
  return true
}

/** Playwright's own download, if there is one. Playwright itself may not be installed yet. */
async function downloadedBrowsers() {
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
  return installedBrowsers().find(works) ?? (await downloadedBrowsers()).find(works)
}

/** Playwright's launch options for that browser. Without one, Playwright itself says what is missing. */
export async function browserLaunchOptions() {
  const executablePath = await findBrowser()
  return { args: browserArgs, ...(executablePath ? { executablePath } : {}) }
}
