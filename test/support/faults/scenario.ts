import type { Conversation } from '../../../src/core/index.ts'
import type { Expectation, Ledger, Tally } from './ledger.ts'
import type { NetworkProxy, NetworkProxyOptions } from '../network-proxy.ts'
import type { ScenarioProcess } from './processes.ts'
import type {
  DeviceEvent,
  DeviceSetup,
  Outcome,
  ScenarioDevice,
  ScenarioServer,
  ServerSetup,
  SocketTransport,
  Way,
} from './types.ts'

/**
 * How long something may take that has to happen, in milliseconds. Only a run that has failed waits for so long: how old a
 * message may be is the ledger's business.
 */
export const EVENT_TIMEOUT = 30_000

/** A row of the fault table. */
export interface Row {
  readonly title: string
  /** @default websocket and polling */
  readonly socketTransports?: readonly SocketTransport[]
  /** Whether it needs the machine for itself. */
  readonly heavy?: boolean
  /** What an app does in this row that uses plain Socket.IO, where it is not the same. Printed below the table. */
  readonly plainWays?: string
  run(scenario: Scenario): Promise<void>
}

/** One device of one user, and what it has received. */
export interface Participant {
  readonly name: string
  readonly user: string
  readonly device: ScenarioDevice
  /** The typing states that it has shown, oldest first. */
  readonly typists: (DeviceEvent & { kind: 'typists' })[]
  /** The messages that it has received, oldest first. */
  readonly messages: { readonly n: number; readonly sentAt: number; readonly at: number }[]
  /** The numbers of the app's own emits that it has received. */
  readonly appNumbers: number[]
  /** The numbers of both, in the order of their arrival. */
  readonly allNumbers: number[]
}

type ParticipantSetup = Partial<Omit<DeviceSetup, 'user' | 'way' | 'socketTransport' | 'subscribesTo'>> & {
  /** A server, or the URL of a proxy before it. */
  readonly at: ScenarioServer | string
  readonly subscribesTo: readonly Conversation[]
  /** Whose socket it uses: a device of this process. @default a socket of its own */
  readonly onSocketOf?: Participant
}

export interface Sending {
  readonly from: Participant
  readonly to: Conversation
  readonly count: number
  readonly expectation: Expectation
  /** Between two messages, in milliseconds. @default all of them in one tick */
  readonly interval?: number
}

/** What a row of the fault table works with. */
export interface Scenario {
  readonly way: Way
  readonly isOurs: boolean
  readonly ledger: Ledger
  /** Figures beside the tally. */
  readonly notes: string[]
  /** Notes a problem unless the condition is true. Only for ours: plain Socket.IO promises nothing. */
  check(condition: boolean, problem: string): void
  startProcess(): Promise<ScenarioProcess>
  /** @param inProcess runs it. @default this process */
  startServer(setup?: ServerSetup, inProcess?: ScenarioProcess): Promise<ScenarioServer>
  startProxy(server: ScenarioServer, options?: NetworkProxyOptions): Promise<NetworkProxy>
  /**
   * Opens a device, and does not wait until it is online.
   *
   * @param name begins with its user, as in `bob 2`.
   * @param inProcess runs it. @default this process
   */
  addDevice(name: string, setup: ParticipantSetup, inProcess?: ScenarioProcess): Promise<Participant>
  /** Waits until Socket.IO is connected, whether the server knows the user or not. */
  untilConnected(participant: Participant): Promise<void>
  untilOnline(...participants: readonly Participant[]): Promise<void>
  /** Sends, and enters in the ledger what has to become of the messages. */
  send(sending: Sending): Promise<Outcome[]>
  /** The same while the sender is offline: ours has to refuse every message, at once. */
  sendWhileOffline(sending: Sending): Promise<void>
  /** Sends probes until every receiver has received one. Whatever was sent before on this path has come, or never will. */
  probe(from: Participant, to: Conversation, ...receivers: readonly Participant[]): Promise<void>
  /** Waits until every message has been received that has to be. Plain Socket.IO has one second for it. */
  settle(): Promise<void>
  /** Counts the copies of messages that are stored now. */
  countStored(
    server: ScenarioServer,
    participants: readonly Participant[],
    options?: { readonly withEngine: boolean },
  ): Promise<void>
}

export interface Run {
  readonly row: Row
  readonly way: Way
  readonly socketTransport: SocketTransport
  readonly tally: Tally
  readonly problems: readonly string[]
  readonly notes: readonly string[]
  readonly seconds: number
}
