import type { Bus } from '../../server/cluster/bus.ts'

/** An engine and the nodes that are connected to it, for one case. At first there are no nodes. */
export interface BusNetwork {
  /** Connects one more node: a bus of its own, with connections of its own. */
  join(): Bus | Promise<Bus>
  /**
   * Cuts every node off from the engine, as when its process is killed: connections are lost. It may resolve before the
   * nodes have noticed. Only cases with `interrupts` call it.
   */
  interrupt?(): unknown
  /** Brings the engine back. */
  restore?(): unknown
  /** Takes everything down, whatever has happened. */
  close?(): unknown
}

/**
 * Makes a network with the bus under test. Networks may share an engine: each case has channels of its own. Only cases
 * with `interrupts` need it for themselves.
 */
export type MakeBusNetwork = () => BusNetwork | Promise<BusNetwork>

/** One rule, or one side of a rule. */
export interface BusContractCase {
  /** Begins with the rule that it proves: `B3: the messages of one node …`. */
  readonly name: string
  /** Whether it interrupts the engine. */
  readonly interrupts: boolean
  /** Rejects with an Error that says what was expected, and then what happened. Takes some seconds at most. */
  run(make: MakeBusNetwork): Promise<void>
}
