import { describe, test } from 'vitest'
import { transportContract } from '../../src/testing/index.ts'
import { tencentCarrier } from '../support/networks/tencent-network.ts'

for (const typing of ['tuikit', 'textInput'] as const) {
  describe.concurrent(`Tencent Chat, the real SDK on a stand-in for its service, typing as ${typing}`, () => {
    for (const rule of transportContract) test(rule.name, () => rule.run(() => tencentCarrier({ typing })))
  })
}
