/**
 * Finds the Chromium the tests drive: the one named by CHROMIUM_PATH, else an installed one that really starts, else
 * Playwright's own. Says how to start it.
 *
 * The headless shell is Chromium without windows, tabs and an address bar: a page in it costs about half. Most tests want
 * nothing but pages, and take it where it is installed.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
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

const headlessShells = ['chromium-headless-shell', 'chrome-headless-shell']
const wholeBrowsers = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome', 'msedge']
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

/** The programs of these names that are in PATH, in the order in which they are tried. */
function installed(names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const suffix = process.platform === 'win32' ? '.exe' : ''
  return folders.flatMap((folder) => names.map((name) => join(folder, `${name}${suffix}`))).filter(isExecutable)
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

/** Starting a browser takes about a second: those that did are noted here, until their file changes. */
const notes = fileURLToPath(new URL('../node_modules/.cache/react-online-message/browsers', import.meta.url))

function works(file) {
  const note = join(notes, file.replaceAll(/[^\w.-]/g, '_'))
  const content = `${statSync(file).mtimeMs}\n${isRoot}`
  if (existsSync(note) && readFileSync(note, 'utf8') === content) return true
  if (!starts(file)) return false
  mkdirSync(notes, { recursive: true })
  writeFileSync(note, content)
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
 * The path of a whole Chromium or Chrome that starts, or `undefined` when there is none.
 *
 * @throws {Error} when CHROMIUM_PATH names something that does not start
 */
export async function findBrowser() {
  const named = process.env.CHROMIUM_PATH
  if (named) {
    if (isExecutable(named) && works(named)) return named
    throw new Error(`CHROMIUM_PATH is ${named}, which does not start. Name a Chrome or Chromium, or unset it.`)
  }
  return (
    [...installed(wholeBrowsers), ...wellKnown.filter(isExecutable)].find(works) ??
    (await downloadedBrowsers()).find(works)
  )
}

/** The path of a headless shell that starts, or `undefined`: then the whole browser does the same. */
export const findHeadlessShell = () => installed(headlessShells).find(works)

const launchOptions = (executablePath) => ({ args: browserArgs, ...(executablePath ? { executablePath } : {}) })

/** Playwright's launch options for pages. Without a browser, Playwright itself says what is missing. */
export async function browserLaunchOptions() {
  const shell = process.env.CHROMIUM_PATH ? undefined : findHeadlessShell()
  return launchOptions(shell ?? (await findBrowser()))
}

/** The same for what needs windows: the back/forward cache, frozen tabs, and the browser as its users have it. */
export const wholeBrowserLaunchOptions = async () => launchOptions(await findBrowser())
