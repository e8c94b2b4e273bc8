/**
 * Installs what a command of package.json needs, and does nothing when it is there. npm runs this before anything is
 * installed, so it uses what Node has built in.
 *
 *   node scripts/setup.mjs [--all] [--composers] [--browser] …
 *
 * The packages of package-lock.json are always needed. Every flag names more rows of the tables below, and `--all` those
 * that `npm test` needs.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { findBrowser, findHeadlessShell } from './browser.mjs'
import { findFirefox, findWebKit, mayLeaveOut } from './engines.mjs'
import { findPython } from './python.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

function fail(text) {
  console.error(`setup: ${text}`)
  process.exit(1)
}

/** @returns whether the command succeeded. */
async function run(command, args, env = {}) {
  const child = spawn(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  })
  const [status] = await once(child, 'close')
  return status === 0
}

const starts = (command, args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(`${root}${file}`, 'utf8')).packages
  } catch {
    return undefined
  }
}

/**
 * Whether node_modules holds what package-lock.json asks for. npm notes there what it has installed.
 *
 * @param folder one with a package-lock.json, as `name/`; '' is the root.
 */
function hasPackages(folder) {
  const wanted = readPackages(`${folder}package-lock.json`)
  const installed = readPackages(`${folder}node_modules/.package-lock.json`)
  if (!wanted || !installed) return false
  const hasNothingElse = Object.keys(installed).every((path) => path in wanted)
  const hasAll = Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    if (path === '') return true
    const found = installed[path]
    // Optional packages are other platforms' binaries.
    return found ? found.version === version && found.integrity === integrity : optional === true
  })
  return hasNothingElse && hasAll
}

const npmCi = (...where) => run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', ...where])

async function installComposers() {
  await npmCi('--prefix', 'examples/composers')
  // Vite renews its bundles of packages when the root's lock changes, and knows no other lock.
  for (const cache of ['.vite', '.cache/storybook']) {
    rmSync(`${root}node_modules/${cache}`, { recursive: true, force: true })
  }
}

/** Where an example finds the library, as if it were installed: as `npm run build` makes it. */
const linkOf = (folder) => `${root}${folder}/node_modules/react-online-message/`

/** The parts are linked and not the whole, so that a compiler finds the example's own socket.io beside them. */
function linkLibrary(folder) {
  mkdirSync(linkOf(folder))
  symlinkSync(`${root}dist`, `${linkOf(folder)}dist`, 'junction')
  symlinkSync(`${root}package.json`, `${linkOf(folder)}package.json`)
}

/** Whether the library is linked. There may be nothing built yet. */
const hasLink = (folder) => lstatSync(`${linkOf(folder)}package.json`, { throwIfNoEntry: false }) !== undefined

async function installServer(folder) {
  if (await npmCi('--prefix', folder)) linkLibrary(folder)
}

const canUseApt = () => process.getuid?.() === 0 && starts('apt-get', ['--version'])

/** @returns whether the packages are installed. */
function aptInstall(names) {
  console.log(`setup: apt-get install ${names.join(' ')}`)
  return run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], {
    DEBIAN_FRONTEND: 'noninteractive',
  })
}

/**
 * On Debian and its relatives, as root. Elsewhere the reader installs the packages; `otherwise` says how. One command for
 * all is the quickest, but it installs nothing when this system has no package of one of the names.
 */
async function aptInstallAll(listsOfNames) {
  if (listsOfNames.length === 0 || !canUseApt()) return
  await run('apt-get', ['update', '-qq'])
  if (await aptInstall(listsOfNames.flat())) return
  for (const names of listsOfNames) await aptInstall(names)
}

const redisServer = process.env.REDIS_SERVER ?? 'redis-server'
const natsServer = process.env.NATS_SERVER ?? 'nats-server'

const npmFailed = 'npm ci failed. Read its message above; without a network nothing can be installed.'

const rootPackages = {
  what: 'the packages of package-lock.json',
  isThere: () => hasPackages(''),
  install: [() => npmCi()],
  otherwise: npmFailed,
}

const packagesOf = (flag, folder, install = () => npmCi('--prefix', folder)) => ({
  flag,
  what: `the packages of ${folder}/package-lock.json`,
  isThere: () => hasPackages(`${folder}/`),
  install: [install],
  otherwise: npmFailed,
})

const serverOf = (folder) => ({
  ...packagesOf('--servers', folder, () => installServer(folder)),
  isThere: () => hasPackages(`${folder}/`) && hasLink(folder),
})

/** The folders with packages of their own. */
const folders = [
  packagesOf('--react-native', 'test/react-native'),
  packagesOf('--composers', 'examples/composers', installComposers),
  serverOf('examples/nest'),
  serverOf('examples/servers'),
  packagesOf('--adoption', 'test/adoption'),
  packagesOf('--operating', 'examples/operating'),
  packagesOf('--mqtt', 'examples/mqtt-bus'),
  packagesOf('--examples', 'examples/assistant'),
  packagesOf('--examples', 'examples/next'),
  packagesOf('--examples', 'examples/chat'),
  // `npm test` does not need these.
  { ...packagesOf('--mutation', 'mutation'), isLeftOutOfAll: true },
  { ...packagesOf('--site', 'site'), isLeftOutOfAll: true },
]

/**
 * The programs. One row for each: how to find out that it is there, its packages in Debian, what else to try, and what to
 * say when nothing helped.
 */
const programs = [
  {
    flag: '--browser',
    what: 'a Chrome or Chromium that starts',
    isThere: async () => (await findBrowser()) !== undefined,
    debianPackages: ['chromium'],
    install: [() => run('npx', ['--no-install', 'playwright', 'install', 'chromium'])],
    otherwise: 'no Chromium starts. Install Chrome or Chromium, or set CHROMIUM_PATH to one, and try again.',
  },
  {
    flag: '--browser',
    what: "Chromium's headless shell",
    isThere: () => process.env.CHROMIUM_PATH !== undefined || findHeadlessShell() !== undefined,
    debianPackages: ['chromium-headless-shell'],
    otherwise: 'chromium-headless-shell is not installed. The tests use the whole browser, which takes longer.',
    isOptional: true,
  },
  {
    flag: '--redis',
    what: 'a redis-server',
    isThere: () => starts(redisServer, ['--version']),
    debianPackages: ['redis-server'],
    otherwise:
      `${redisServer} does not start. Install Redis (apt install redis-server, brew install redis), ` +
      'or set REDIS_SERVER to its redis-server, and try again.',
  },
  {
    flag: '--nats',
    what: 'a nats-server',
    isThere: () => starts(natsServer, ['--version']),
    debianPackages: ['nats-server'],
    otherwise:
      `${natsServer} does not start. Install NATS (apt install nats-server, brew install nats-server), ` +
      'or set NATS_SERVER to its nats-server, and try again.',
  },
  {
    flag: '--python',
    what: 'a Python with python-socketio',
    isThere: () => findPython() !== undefined,
    debianPackages: ['python3-socketio', 'python3-websocket'],
    otherwise:
      'no Python has python-socketio, so the tests of examples/python-client are left out. ' +
      "Install it (pip install 'python-socketio[client]'), or set PYTHON to a Python that has it.",
    isOptional: true,
  },
  {
    flag: '--firefox',
    what: 'a Firefox that starts',
    isThere: () => findFirefox() !== undefined,
    debianPackages: ['firefox-esr'],
    otherwise:
      `${process.env.FIREFOX_PATH ?? 'Firefox'} does not start, so its tests are left out. ` +
      'Install Firefox, or set FIREFOX_PATH to one.',
    isOptional: mayLeaveOut,
  },
  {
    flag: '--webkit',
    what: 'WebKitGTK with its WebDriver',
    isThere: () => findWebKit() !== undefined,
    debianPackages: ['webkit2gtk-driver', 'xvfb'],
    otherwise:
      'WebKitWebDriver, MiniBrowser or Xvfb is missing, so the tests in WebKit are left out. ' +
      'Debian and its relatives have them (apt install webkit2gtk-driver xvfb).',
    isOptional: mayLeaveOut,
  },
]

/** A wrong CHROMIUM_PATH is an error of its own. */
const isThere = async (need) => {
  try {
    return await need.isThere()
  } catch (error) {
    fail(error.message)
  }
}

/** @returns whether it is there now. */
async function provide(need) {
  if (await isThere(need)) return true
  const { what, install = [] } = need
  if (install.length > 0) console.log(`setup: installing ${what}`)
  for (const attempt of install) {
    await attempt()
    if (await isThere(need)) return true
  }
  return false
}

const [major] = process.versions.node.split('.')
if (Number(major) < 20) fail(`Node ${process.versions.node} is too old. Install Node 20 or newer: https://nodejs.org`)

const isAsked = ({ flag, isLeftOutOfAll = false }) =>
  process.argv.includes(flag) || (process.argv.includes('--all') && !isLeftOutOfAll)

async function provideOrSay(need) {
  if (await provide(need)) return
  if (!need.isOptional) fail(need.otherwise)
  console.log(`setup: ${need.otherwise}`)
}

async function provideInTurn(needs) {
  for (const need of needs) await provideOrSay(need)
}

async function missingOf(needs) {
  const missing = []
  for (const need of needs) {
    if (!(await isThere(need))) missing.push(need)
  }
  return missing
}

const wantedFolders = folders.filter(isAsked)
const missingPrograms = await missingOf(programs.filter(isAsked))

// Four installations run side by side, since they also wait for the network. apt-get runs once at a time.
await Promise.all([
  provideOrSay(rootPackages),
  provideInTurn(wantedFolders.filter((_, index) => index % 2 === 0)),
  provideInTurn(wantedFolders.filter((_, index) => index % 2 === 1)),
  aptInstallAll(missingPrograms.map(({ debianPackages }) => debianPackages)),
])
// At last, since Playwright is one of the packages: it may have to install a browser.
await provideInTurn(missingPrograms)
