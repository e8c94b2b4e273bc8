import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import ts from 'typescript'
import { afterEach, expect, test, vi } from 'vitest'

const file = new URL('../../src/core/is-development.ts', import.meta.url)

afterEach(() => {
  vi.unstubAllEnvs()
  vi.resetModules()
})

/** As a page reads it that loads the library now. */
async function readIsDevelopment(): Promise<boolean> {
  vi.resetModules()
  const { isDevelopment } = await import('../../src/core/is-development.ts')
  return isDevelopment
}

test('it is development unless NODE_ENV is production', async () => {
  expect(await readIsDevelopment()).toBe(true)
  vi.stubEnv('NODE_ENV', 'production')
  expect(await readIsDevelopment()).toBe(false)
})

test('a page without a bundler has no `process`, and counts as production', () => {
  const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2020 },
  })
  const exports: { isDevelopment?: boolean } = {}
  // The globals of such a page: none of Node's.
  runInNewContext(outputText, { exports })
  expect(exports.isDevelopment).toBe(false)
})
