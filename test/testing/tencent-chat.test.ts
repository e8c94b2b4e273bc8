import { describe, test } from 'vitest'
import { transportContract } from '../../src/testing/index.ts'
import { tencentNetwork } from '../support/networks/tencent-network.ts'

for (const typing of ['tuikit', 'textInput'] as const) {
  describe.concurrent(`Tencent Chat, the real SDK on a replacement for its service, typing as ${typing}`, () => {
    for (const rule of transportContract) test(rule.name, () => rule.run(() => tencentNetwork({ typing })))
  })
}
