import { afterAll, afterEach, beforeAll } from 'vitest'
import { closeAll } from '../server/harness.ts'
import { startRedis } from './redis.ts'

/** One Redis for all tests of a file or a group. After each test, everything else is closed. */
export function shareRedis(): { readonly port: number } {
  let port = 0
  let stop: () => unknown
  beforeAll(async () => {
    const redis = await startRedis()
    port = redis.port
    stop = redis.keepRunning()
  })
  afterAll(() => stop())
  afterEach(closeAll)
  return {
    get port() {
      return port
    },
  }
}
