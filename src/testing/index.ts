/**
 * The rules of every transport (T1 to T6, and G1 and G2 as far as a transport shows them) as cases for any test runner.
 */
import type { ContractCase } from './test-network.ts'
import { deliveryRules } from './delivery-rules.ts'
import { gapRules } from './gap-rules.ts'
import { senderRules } from './sender-rules.ts'
import { typingRules } from './typing-rules.ts'

export type { ContractCase, ContractDevice, ContractNetwork, MakeNetwork } from './test-network.ts'

/**
 * The contract. A transport that passes every case keeps the rules of this library.
 *
 * ```ts
 * for (const { name, run } of transportContract) {
 *   test(name, () => run(() => ({ join: (user) => myDevice(user), close: () => myNetwork.close() })))
 * }
 * ```
 */
export const transportContract: readonly ContractCase[] = [
  ...deliveryRules,
  ...senderRules,
  ...gapRules,
  ...typingRules,
]
