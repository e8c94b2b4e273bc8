/**
 * `npm test`: every check, one after the other. The first failure ends it. The last line is the number of tests that
 * passed and failed, as vitest counted them.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const report = fileURLToPath(new URL('../node_modules/.cache/react-online-message/vitest.json', import.meta.url))

const steps = [
  ['types', 'node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'],
  ['types of the core, without DOM and Node', 'node_modules/typescript/bin/tsc', '-p', 'tsconfig.core.json'],
  ['types of declared commands', 'node_modules/typescript/bin/tsc', '-p', 'test/types/declared'],
  ['types of the composers', 'node_modules/typescript/bin/tsc', '-p', 'examples/composers'],
  ['lint', 'node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0'],
  [
    'imports: layers and cycles',
    'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
    'src',
    '--config',
    '.dependency-cruiser.mjs',
  ],
  ['format', 'node_modules/prettier/bin/prettier.cjs', '.', '--check', '--log-level', 'warn'],
  ['unused files, exports and dependencies', 'node_modules/knip/bin/knip.js'],
  ['build', 'node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'],
  ['declarations', 'node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
  [
    'declarations for CommonJS',
    'node_modules/typescript/bin/tsc',
    '-p',
    'tsconfig.build.json',
    '--outDir',
    'dist/cjs',
    '--noCheck',
  ],
  ['package', 'scripts/check-package.mjs'],
  ['size', 'scripts/size.mjs'],
  [
    'tests',
    'node_modules/vitest/vitest.mjs',
    'run',
    '--coverage',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ],
]

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

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`
const began = performance.now()
mkdirSync(dirname(report), { recursive: true })
rmSync(report, { force: true })

for (const [title, ...command] of steps) {
  const start = performance.now()
  console.log(`\n── ${title}`)
  const { status } = spawnSync(process.execPath, command, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, STORYBOOK_DISABLE_TELEMETRY: '1' },
  })
  console.log(`── ${title}: ${status === 0 ? 'ok' : 'FAILED'}, ${seconds(start)}`)
  if (status !== 0) {
    const counted = count()
    console.error(`\nStopped at "${title}" after ${seconds(began)}.`)
    console.log(counted ? `${counted.passed} passed, ${counted.failed} failed` : 'no test was run')
    process.exit(status ?? 1)
  }
}

const counted = count()
console.log(`\nAll checks passed in ${seconds(began)}.`)
console.log(counted ? `${counted.passed} passed, ${counted.failed} failed` : 'no test was run')
process.exit(counted && counted.failed === 0 && counted.passed > 0 ? 0 : 1)
