/**
 * The rules of every transport (T1 to T6, and G1 and G2 as far as a transport shows them) and of every bus (B1 to B12) as
 * cases for any test runner.
 */
import { busDeliveryRules } from './bus/bus-delivery-rules.ts'
import { busInterruptionRules } from './bus/bus-interruption-rules.ts'
import type { BusContractCase } from './bus/bus-network.ts'
import type { ContractCase } from './test-network.ts'
import { deliveryRules } from './delivery-rules.ts'
import { gapRules } from './gap-rules.ts'
import { senderRules } from './sender-rules.ts'
import { typingRules } from './typing-rules.ts'

export type { Bus } from '../server/cluster/bus.ts'
export type { BusContractCase, BusNetwork, MakeBusNetwork } from './bus/bus-network.ts'
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

/**
 * The contract of a bus. A bus that passes every case can be given to `attachOnlineMessages({ bus })`. Cases with
 * `interrupts` need a network with `interrupt` and `restore`.
 *
 * ```ts
 * for (const { name, run } of busContract) {
 *   test(name, () => run(() => ({ join: () => myBus(), interrupt: killEngine, restore: startEngine })))
 * }
 * ```
 */
export const busContract: readonly BusContractCase[] = [...busDeliveryRules, ...busInterruptionRules]
