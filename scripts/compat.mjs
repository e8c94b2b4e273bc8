/**
 * `npm run compat`: installs the packed library into a small project for each row of test/compat/rows.mjs, builds it and
 * runs it. Writes docs/compatibility.md. Fails if a row does, after all have run. `npm run compat -- next webpack` runs the rows
 * with such a word in their names and writes nothing.
 *
 * It needs Linux on x64, whose binaries of Node, Bun and Deno it installs, and takes 10 minutes on two cores.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'
import { rows } from '../test/compat/rows.mjs'
import { wholeBrowserLaunchOptions } from './browser.mjs'
import { typeToEachOther } from './compat-page.mjs'
import { writeTable } from './compat-table.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const sources = join(root, 'test/compat')
const packageFolder = join(root, 'test/package')
// Not in node_modules, where bundlers compile nothing, nor below the root, where they would find its packages.
const folders = join(tmpdir(), 'react-online-message-compat')
const STEP_TIMEOUT = 300_000

/** Starts a program. `output()` is what it has printed, `end` resolves with its exit code. */
function start(command, args, { cwd, env = {} }) {
  const child = spawn(command, args, {
    cwd,
    // Node's own variables are for the program that was started with them.
    env: { ...process.env, NODE_OPTIONS: '', NEXT_TELEMETRY_DISABLED: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  const end = new Promise((resolve) => {
    child.once('error', (error) => {
      output += error.message
      resolve(1)
    })
    child.once('close', (code) => resolve(code ?? 1))
  })
  return { child, end, output: () => output }
}

/** @throws Error with all output, when the program fails. */
async function run(command, args, options) {
  const program = start(command, args, options)
  const timer = setTimeout(() => program.child.kill('SIGKILL'), STEP_TIMEOUT)
  const code = await program.end
  clearTimeout(timer)
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}\n${program.output()}`)
  return program.output()
}

const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** Installs what has changed since the last run, and always the library. */
async function install(row, folder, tarball) {
  const manifest = { private: true, dependencies: { ...row.packages, [name]: `file:${tarball}` } }
  const text = JSON.stringify(manifest, undefined, 2)
  const stamp = join(folder, 'installed')
  const isInstalled = existsSync(stamp) && readFileSync(stamp, 'utf8') === text
  mkdirSync(folder, { recursive: true })
  for (const file of readdirSync(folder)) {
    const isKept = isInstalled && ['node_modules', 'installed'].includes(file)
    if (!isKept) rmSync(join(folder, file), { recursive: true })
  }
  writeFileSync(join(folder, 'package.json'), text)
  if (!isInstalled) {
    await run('npm', ['install', '--no-package-lock', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: folder })
    writeFileSync(stamp, text)
  }
  const installed = join(folder, 'node_modules', name)
  rmSync(installed, { recursive: true })
  mkdirSync(installed)
  await run('tar', ['-xzf', tarball, '-C', installed, '--strip-components', '1'], { cwd: folder })
  for (const source of [...(row.files ?? []), row.project]) cpSync(join(sources, source), folder, { recursive: true })
}

async function freePort() {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

async function serveAndType(row, folder, browser) {
  const port = await freePort()
  const program = start(process.execPath, row.serve, {
    cwd: folder,
    env: { PORT: String(port), NODE_ENV: 'production' },
  })
  try {
    await typeToEachOther({ browser, url: `http://localhost:${port}`, hasStyles: !row.hasNoStyles })
  } catch (error) {
    throw new Error(`${error.message}\n${program.output()}`, { cause: error })
  } finally {
    program.child.kill('SIGKILL')
    await program.end
  }
}

/** Rows with the same packages share a folder, one after the other. */
function folderOf({ packages }) {
  const text = JSON.stringify(packages)
  const { name } = rows.find((row) => JSON.stringify(row.packages) === text)
  return join(folders, name.toLowerCase().replace(/[^a-z0-9.]+/g, '-'))
}

/** @throws Error when anything of the row fails */
async function tryRow(row, { checked, tarball, browser }) {
  const missing = (row.checked ?? []).filter((line) => !checked.includes(`✓ ${line}\n`))
  if (missing.length > 0)
    throw new Error(`${checked}\nscripts/check-package.mjs has not printed: ${missing.join('; ')}`)
  if (!row.project) return

  const folder = folderOf(row)
  await install(row, folder, tarball)
  if (row.build) await run(process.execPath, [...row.build, ...(row.kind ? [row.kind] : [])], { cwd: folder })
  if (row.serve) await serveAndType(row, folder, browser)
  const programOf = (word) => (word === 'node' ? process.execPath : join(folder, word))
  for (const [word, ...args] of row.run ?? []) await run(programOf(word), args, { cwd: folder })
  for (const file of row.runInPackage ?? []) await run(programOf(row.run[0][0]), [file], { cwd: packageFolder })
}

async function pack() {
  mkdirSync(folders, { recursive: true })
  const output = await run('npm', ['pack', '--json', '--foreground-scripts=false', '--pack-destination', folders], {
    cwd: root,
  })
  const [{ filename }] = JSON.parse(output)
  return join(folders, filename)
}

/** @returns what scripts/check-package.mjs has printed: it runs Jest and TypeScript, and unpacks the library in test/package. */
async function checkPackage() {
  const program = start(process.execPath, ['scripts/check-package.mjs'], { cwd: root })
  const code = await program.end
  if (code !== 0) console.error(program.output())
  return program.output()
}

const words = process.argv.slice(2).map((word) => word.toLowerCase())
const isWanted = ({ name }) => words.length === 0 || words.some((word) => name.toLowerCase().includes(word))
const wanted = rows.filter(isWanted)

const began = performance.now()
const browser = await chromium.launch(await wholeBrowserLaunchOptions())
const needsCheck = wanted.some((row) => row.checked || row.runInPackage?.length > 0)
const context = { checked: needsCheck ? await checkPackage() : '', tarball: await pack(), browser }
const results = []
for (const row of wanted) {
  const start = performance.now()
  const error = await tryRow(row, context).then(
    () => undefined,
    (thrown) => thrown,
  )
  const seconds = Math.round((performance.now() - start) / 100) / 10
  results.push({ name: row.name, version: row.version, works: !error, seconds })
  if (error) console.error(error.message)
  console.log(`${error ? '✗' : '✓'} ${row.name}, ${row.version}: ${seconds} s`)
}
const chromiumVersion = browser.version()
await browser.close()

const minutes = ((performance.now() - began) / 60_000).toFixed(1)
const failed = results.filter(({ works }) => !works)
if (words.length === 0) await writeTable({ results, chromiumVersion, nodeVersion: process.versions.node })
console.log(`${results.length - failed.length} of ${results.length} rows work, ${minutes} minutes`)
process.exit(failed.length === 0 ? 0 : 1)
