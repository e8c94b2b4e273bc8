import { atEnd, startServer } from '../server/harness.ts'
import { openAdapter } from './adapters.ts'
import { DEFAULT_ADAPTER } from './nodes.ts'

/** What crosses the bus. */
export type Packet = readonly [
  version: unknown,
  node: string,
  number: number,
  sentAt: number,
  kind: string,
  ...values: unknown[],
]

/** As exact as a node's own clock: a whole millisecond may be more than the error bound between two clocks. */
const now = () => performance.timeOrigin + performance.now()

/** Publishes whatever a test wants on the bus of a real node. */
export interface FakeNode {
  readonly received: Packet[]
  /** The packets of one kind that it has received. */
  receivedOf(kind: string): Packet[]
  /** Publishes a packet as it is. */
  publishRaw(...packet: unknown[]): void
  publish(kind: string, ...values: unknown[]): void
  /** The number of its latest message. */
  latestNumber(): number
  /** Leaves out numbers, as if messages had been lost. */
  skipNumbers(count: number): void
  /** Echoes the latest message that it has received, so that its clock is known. */
  heartbeat(): void
}

export async function startFakeNode(port: number, name = 'fake'): Promise<FakeNode> {
  const { adapter, close } = await openAdapter(DEFAULT_ADAPTER, port)
  atEnd(close)
  const { io } = await startServer({ attach: false, io: { adapter } })
  const received: Packet[] = []
  let receivedAt = 0
  io.on('om:bus' as never, (...packet: unknown[]) => {
    received.push(packet as unknown as Packet)
    receivedAt = now()
  })
  let number = 0
  const publishRaw = (...packet: unknown[]) => io.serverSideEmit('om:bus' as never, ...(packet as never[]))
  const publish = (kind: string, ...values: unknown[]) => publishRaw(1, name, ++number, now(), kind, ...values)
  return {
    received,
    receivedOf: (kind) => received.filter(([, , , , receivedKind]) => receivedKind === kind),
    publishRaw,
    publish,
    latestNumber: () => number,
    skipNumbers: (count) => void (number += count),
    heartbeat() {
      const [, node, , sentAt] = received.at(-1)!
      publish('heartbeat', [], [[node, sentAt, now() - receivedAt]])
    },
  }
}
