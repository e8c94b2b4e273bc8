/**
 * Gets what a command of package.json needs, and does nothing when it is there. npm runs this before anything is
 * installed, so it uses what Node has built in.
 *
 *   node scripts/setup.mjs              the packages of package-lock.json
 *   node scripts/setup.mjs --browser    and a Chromium
 *   node scripts/setup.mjs --redis      and a redis-server
 *   node scripts/setup.mjs --python     and python-socketio, where Debian has it; without it its tests are left out
 *   node scripts/setup.mjs --composers  and the packages of examples/composers/package-lock.json
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { findBrowser } from './browser.mjs'
import { findPython } from './python.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const say = (text) => console.log(`setup: ${text}`)
const fail = (text) => {
  console.error(`setup: ${text}`)
  process.exit(1)
}

const run = (command, args, env = {}) =>
  spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  }).status === 0

const readPackages = (file) => {
  try {
    return JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')).packages
  } catch {
    return undefined
  }
}

/** npm notes in node_modules what it has installed there. Other platforms' binaries are optional and may be missing. */
const packagesMatch = (folder) => {
  const wanted = readPackages(`${folder}package-lock.json`)
  const found = readPackages(`${folder}node_modules/.package-lock.json`)
  if (!wanted || !found) return false
  return (
    Object.keys(found).every((path) => path in wanted) &&
    Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
      if (path === '') return true
      const installed = found[path]
      return installed ? installed.version === version && installed.integrity === integrity : optional === true
    })
  )
}

const [major] = process.versions.node.split('.')
if (Number(major) < 20) fail(`Node ${process.versions.node} is too old. Install Node 20 or newer: https://nodejs.org`)

/**
 * @param folder one with a package-lock.json, as `name/`; '' is the root.
 * @returns whether it had to.
 */
const install = (folder) => {
  if (packagesMatch(folder)) return false
  say(`installing the packages of ${folder}package-lock.json (npm ci)`)
  const where = folder ? ['--prefix', folder] : []
  if (!run('npm', ['ci', ...where, '--include=dev', '--no-audit', '--no-fund']))
    fail('npm ci failed. Read its message above; without a network nothing can be installed.')
  return true
}

install('')
if (process.argv.includes('--composers') && install('examples/composers/')) {
  // Vite's bundles of what was there before: it looks at the root's lock only.
  for (const cache of ['.vite', '.cache/storybook']) {
    rmSync(new URL(`../node_modules/${cache}`, import.meta.url), { recursive: true, force: true })
  }
}

const canApt = () => process.getuid?.() === 0 && spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0
const apt = (name) =>
  canApt() &&
  run('apt-get', ['update', '-qq']) &&
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], { DEBIAN_FRONTEND: 'noninteractive' })

if (process.argv.includes('--browser')) {
  const found = () => findBrowser().catch((error) => fail(error.message))
  if (!(await found())) {
    say('no Chrome or Chromium that starts: downloading one (playwright install chromium)')
    run('npx', ['--no-install', 'playwright', 'install', 'chromium'])
    if (!(await found()) && canApt()) {
      say('that one does not start either: installing Debian’s (apt-get install chromium)')
      apt('chromium')
    }
    if (!(await found()))
      fail('no Chromium starts. Install Chrome or Chromium, or set CHROMIUM_PATH to one, and try again.')
  }
}

if (process.argv.includes('--redis')) {
  const server = process.env.REDIS_SERVER ?? 'redis-server'
  const found = () => spawnSync(server, ['--version'], { stdio: 'ignore' }).status === 0
  if (!found()) {
    if (canApt()) {
      say('no redis-server: installing Debian’s (apt-get install redis-server)')
      apt('redis-server')
    }
    if (!found())
      fail(
        `${server} does not start. Install Redis (apt install redis-server, brew install redis), ` +
          'or set REDIS_SERVER to its redis-server, and try again.',
      )
  }
}

if (process.argv.includes('--python') && !findPython()) {
  if (canApt()) {
    say('no python-socketio: installing Debian’s (apt-get install python3-socketio python3-websocket)')
    for (const name of ['python3-socketio', 'python3-websocket']) apt(name)
  }
  if (!findPython()) {
    say(
      'no Python with python-socketio, so the tests of examples/python-client are left out. ' +
        "Install it (pip install 'python-socketio[client]'), or set PYTHON to a Python that has it.",
    )
  }
}
