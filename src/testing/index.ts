/**
 * The rules of every transport (T1 to T6, and G1 and G2 as far as a transport shows them) as cases for any test runner.
 */
import type { ContractCase } from './test-network.ts'
import { carrying } from './delivery-rules.ts'
import { gaps } from './gap-rules.ts'
import { typingRules } from './typing-rules.ts'

export type {
  ContractNetwork as ContractCarrier,
  ContractCase,
  ContractDevice,
  MakeNetwork as MakeCarrier,
} from './test-network.ts'

/**
 * The contract. A transport that passes every case carries online messages as this library means them.
 *
 * ```ts
 * for (const { name, run } of transportContract) {
 *   test(name, () => run(() => ({ join: (user) => myDevice(user), close: () => myNetwork.close() })))
 * }
 * ```
 */
export const transportContract: readonly ContractCase[] = [...carrying, ...gaps, ...typingRules]
