import type { Transport } from '../core/transport/transport.ts'
import type { User } from '../core/message/user.ts'

/** One device of one user on the carrier under test. */
export interface ContractDevice {
  /** The transport that is tested, on this device. */
  readonly transport: Transport
  /**
   * Takes the device off the network. Resolves at once or when it is off: what counts is `transport.connection`. Only
   * cases that say `disconnects` call it.
   */
  disconnect?(): unknown
  /** Takes it back. */
  reconnect?(): unknown
}

/** A carrier of its own for one case, with nobody on it yet. */
export interface ContractNetwork {
  /** Adds a device of this user; a user may have several. It may still be connecting. */
  join(user: User): ContractDevice | Promise<ContractDevice>
  /** Takes everything down again, whatever has happened. */
  close?(): unknown
}

/** Makes the carrier under test, anew for each case, so that cases may run side by side. */
export type MakeNetwork = () => ContractNetwork | Promise<ContractNetwork>

/** One rule, or one side of a rule. */
export interface ContractCase {
  /** Begins with the rule it proves: `T1 nothing is queued …`. */
  readonly name: string
  /** Whether it takes devices off the network. What cannot be cut, like a bot inside a server, leaves these out. */
  readonly disconnects: boolean
  /** Rejects with an Error that says what was expected, and then what happened. Takes at most some seconds. */
  run(make: MakeNetwork): Promise<void>
}
