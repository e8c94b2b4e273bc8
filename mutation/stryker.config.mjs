/** How Stryker measures the area that MUTATION_AREA names. `npm run mutation` starts it: see measure.mjs. */
import { fileURLToPath } from 'node:url'
import { areas } from './areas.mjs'

const area = process.env.MUTATION_AREA ?? 'core'
const { mutate } = areas[area]
const cache = 'node_modules/.cache/react-online-message/mutation'

export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner', fileURLToPath(new URL('texts.mjs', import.meta.url))],
  ignorers: ['texts'],
  vitest: { configFile: 'mutation/vitest.config.mjs', related: false },
  mutate,
  // Runs for each change the tests that reach its line.
  coverageAnalysis: 'perTest',
  // What is computed while a module is loaded cannot be changed between two tests: each such change costs all tests.
  ignoreStatic: true,
  concurrency: 1,
  tempDirName: `${cache}/sandbox-${area}`,
  // Not needed by these tests, and large.
  ignorePatterns: [
    '/dist',
    '/api',
    '/bench',
    '/stories',
    '/test/visual',
    '/test/compat',
    '/test/adoption',
    '/storybook-static',
  ],
  // Only a loop without an end takes longer, also on a busy machine.
  timeoutMS: 20_000,
  // Measures again only what a change of the code or of a test can have changed. `--force` measures everything.
  incremental: true,
  incrementalFile: `${cache}/${area}-incremental.json`,
  reporters: ['json', 'progress-append-only', 'clear-text'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: `${cache}/${area}.json` },
}
