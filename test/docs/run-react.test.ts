/** The tests on docs/testing.md, run against the sources. */
import { afterAll, describe } from 'vitest'
import { builtinEnvironments } from 'vitest/runtime'
import { removeFolders, writePage } from './written-page.ts'

// Not by a comment at the top: with that, vitest looks for files inside the repository only, and the page is written outside.
const { teardown } = await builtinEnvironments.jsdom.setup(globalThis, {})
afterAll(async () => {
  await teardown(globalThis)
  removeFolders()
})

describe('docs/testing.md', async () => {
  await import(writePage('docs/testing.md')('chat.test.tsx'))
})
