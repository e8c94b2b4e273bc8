import type { User } from '../core/message/user.ts'
import type { Transport } from '../core/transport/transport.ts'

/** One device of one user on the network under test. */
export interface ContractDevice {
  /** The transport under test, on this device. */
  readonly transport: Transport
  /**
   * Takes the device off the network. It resolves at once or when the device is off: what counts is
   * `transport.connection`. Only cases with `disconnects` call it.
   */
  disconnect?(): unknown
  /** Brings the device back. */
  reconnect?(): unknown
}

/** A network of its own for one case. At first nobody is on it. */
export interface ContractNetwork {
  /** Adds a device of this user, who may have several. It may still be connecting. */
  join(user: User): ContractDevice | Promise<ContractDevice>
  /** Takes everything down, whatever has happened. */
  close?(): unknown
}

/** Makes a new network with the transport under test. Each case gets one of its own, so that cases may run side by side. */
export type MakeNetwork = () => ContractNetwork | Promise<ContractNetwork>

/** One rule, or one side of a rule. */
export interface ContractCase {
  /** Begins with the rule that it proves: `T1: nothing is queued …`. */
  readonly name: string
  /** Whether it takes devices off the network. A device that cannot be cut off, like a bot in a server, skips these. */
  readonly disconnects: boolean
  /** Rejects with an Error that says what was expected, and then what happened. Takes some seconds at most. */
  run(make: MakeNetwork): Promise<void>
}
