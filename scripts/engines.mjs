/**
 * Finds the browsers beside Chromium in which the tests run: a Firefox, and WebKitGTK's small browser with its driver.
 * browser.mjs finds Chromium.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Whether a command can be started. */
const starts = (command, args) => spawnSync(command, args, { stdio: 'ignore', timeout: 30_000 }).status === 0

/**
 * Whether the tests may leave out an engine that is missing, and say so. Where CI is set, and where the set-up can install
 * it (on Debian and its relatives, as root), a missing engine is a failure.
 */
export const mayLeaveOut = process.env.CI !== 'true' && !(process.getuid?.() === 0 && starts('apt-get', ['--version']))

const firefoxes = process.env.FIREFOX_PATH
  ? [process.env.FIREFOX_PATH]
  : ['firefox-esr', 'firefox', '/Applications/Firefox.app/Contents/MacOS/firefox']

/** The name or path of a Firefox, the one named by FIREFOX_PATH or an installed one, or `undefined`. */
export const findFirefox = () => firefoxes.find((firefox) => starts(firefox, ['--version']))

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function list(folder) {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Distributions put it into the library folder of WebKitGTK, whose name has the architecture and the version. */
function findMiniBrowser() {
  const libraries = [
    '/usr/lib',
    '/usr/libexec',
    '/usr/lib64',
    ...list('/usr/lib').map((name) => join('/usr/lib', name)),
  ]
  return libraries
    .flatMap((folder) => list(folder).map((name) => join(folder, name)))
    .filter((folder) => /\/webkit2?gtk-[\d.]+$/.test(folder))
    .sort()
    .reverse()
    .map((folder) => join(folder, 'MiniBrowser'))
    .find(isExecutable)
}

/** The path of WebKitGTK's small browser, or `undefined` when it, its driver or the screen for it is missing. */
export function findWebKit() {
  const hasDriver = starts('WebKitWebDriver', ['--help'])
  const hasScreen = starts('Xvfb', ['-help'])
  return hasDriver && hasScreen ? findMiniBrowser() : undefined
}
