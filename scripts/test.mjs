/**
 * `npm test`: every check, and at last the tests. Everything is installed already. Two rows of steps run side by side, since
 * each step needs one core. The first failure ends it. The last line is the number of tests that passed and failed, as vitest
 * counted them.
 *
 * `npm run test:quick`: the types and the tests of core and React, in less than a minute, without a browser or a server.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const report = fileURLToPath(new URL('../node_modules/.cache/react-online-message/vitest.json', import.meta.url))

/** TypeScript 7 is several times faster. That the declarations suit 5.9, 6 and 7, `package` checks. */
const tsc = 'node_modules/typescript-7/bin/tsc'

/** Each step is a title, a script and its arguments. */
const checks = [
  // First: while the package is packed, files lie about that nobody has formatted.
  ['format', 'node_modules/oxfmt/bin/oxfmt', '--check'],
  ['types', tsc, '-p', 'tsconfig.json'],
  ['types of the core, without DOM and Node', tsc, '-p', 'tsconfig.core.json'],
  ['types of the client, without what is newer than ES2020', tsc, '-p', 'tsconfig.client.json'],
  ['types of declared commands', tsc, '-p', 'test/types/declared'],
  [
    'imports: layers and cycles',
    'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
    'src',
    '--config',
    '.dependency-cruiser.mjs',
  ],
  ['types of the composers', tsc, '-p', 'examples/composers'],
  ['types for React Native, without DOM and Node', tsc, '-p', 'src/react-native'],
  ['lint', 'node_modules/oxlint/bin/oxlint'],
  ['unused files, exports and dependencies', 'node_modules/knip/bin/knip.js'],
  ['memory that is not given back', 'scripts/bench.mjs', 'leaks', '5000'],
]

const buildAndItsChecks = [
  ['build', 'node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'],
  ['declarations', tsc, '-p', 'tsconfig.build.json'],
  ['declarations for CommonJS', tsc, '-p', 'tsconfig.build.json', '--outDir', 'dist/cjs'],
  ['public API', 'scripts/api-report.mjs', '--check'],
  ['package', 'scripts/check-package.mjs'],
  ['release, as a dry run', 'scripts/release.mjs', '--dry-run'],
  ['size', 'scripts/size.mjs'],
]

const vitest = ['node_modules/vitest/vitest.mjs', 'run']

const tests = ['tests', ...vitest, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]

const quickTypes = ['types', tsc, '-p', 'tsconfig.json']

const quickTests = ['quick tests', ...vitest, ...['core', 'react', 'ssr'].flatMap((project) => ['--project', project])]

/** What vitest counted. A file that could not be loaded has no tests to count and is one failure. */
const count = () => {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))
    const unloaded = testResults.filter(
      ({ status, assertionResults }) =>
        status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
    )
    return { passed: numPassedTests, failed: numFailedTests + unloaded.length }
  } catch {
    return undefined
  }
}

const countedLine = (counted) => (counted ? `${counted.passed} passed, ${counted.failed} failed` : 'no test was run')

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`
const began = performance.now()
const running = new Set()

function fail(title, status) {
  for (const child of running) child.kill()
  console.error(`\nStopped at "${title}" after ${seconds(began)}.`)
  console.log(countedLine(count()))
  process.exit(status || 1)
}

/** Runs one step. Its output is shown when it ends, so that two steps side by side do not mix theirs. */
function run([title, ...command], { stdio = 'pipe' } = {}) {
  const start = performance.now()
  const env = { ...process.env, STORYBOOK_DISABLE_TELEMETRY: '1' }
  const child = spawn(process.execPath, command, { cwd: root, stdio: ['inherit', stdio, stdio], env })
  running.add(child)

  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8')
    stream?.on('data', (text) => (output += text))
  }

  return new Promise((resolve) => {
    child.on('close', (status) => {
      running.delete(child)
      process.stdout.write(output)
      console.log(`── ${title}: ${status === 0 ? 'ok' : 'FAILED'}, ${seconds(start)}\n`)
      if (status !== 0) fail(title, status)
      resolve()
    })
  })
}

async function runOneAfterAnother(steps) {
  for (const step of steps) await run(step)
}

if (process.argv.includes('--quick')) {
  await Promise.all([run(quickTypes), run(quickTests, { stdio: 'inherit' })])
  process.exit(0)
}

mkdirSync(dirname(report), { recursive: true })
rmSync(report, { force: true })

await Promise.all([runOneAfterAnother(checks), runOneAfterAnother(buildAndItsChecks)])
await run(tests, { stdio: 'inherit' })

const counted = count()
console.log(`\nAll checks passed in ${seconds(began)}.`)
console.log(countedLine(counted))
process.exit(counted && counted.failed === 0 && counted.passed > 0 ? 0 : 1)
