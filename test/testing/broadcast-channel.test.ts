import { describe, test } from 'vitest'
import { transportContract } from '../../src/testing/index.ts'
import { broadcastNetwork } from '../support/networks/broadcast-network.ts'

// With real pages: test/e2e/tabs.test.ts
describe.concurrent('BroadcastChannel, in Node', () => {
  for (const rule of transportContract) test(rule.name, () => rule.run(broadcastNetwork))
})
