import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllGlobals()
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

test('a page without a bundler has no `process`, and counts as production', async () => {
  const { process } = globalThis
  vi.stubGlobal('process', undefined)
  const isDevelopment = await readIsDevelopment().finally(() => vi.stubGlobal('process', process))
  expect(isDevelopment).toBe(false)
})
