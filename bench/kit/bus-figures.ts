/** The figures of `bench/bus.ts`: its tables, and its targets. */
import { type Way, WAYS } from './bus-node.ts'
import { median, printTable, quantile } from './processes.ts'

const NAMES: Record<Way, string> = {
  redis: 'react-online-message, Redis',
  nats: 'react-online-message, NATS',
  adapter: "react-online-message, Socket.IO's adapter",
  room: 'io.to(room).emit, sharded adapter',
}

export type ByWay<T> = Record<Way, T>
export const byWay = <T>(make: (way: Way) => T): ByWay<T> =>
  Object.fromEntries(WAYS.map((way) => [way, make(way)])) as ByWay<T>

/** Bytes of the engine. */
export interface Bytes {
  readonly input: number
  readonly output: number
}

/** What was measured with one number of nodes. Bytes are of a message, of a typing session, or of a second. */
export interface Figures {
  readonly nodes: number
  readonly oneToOne: ByWay<Bytes>
  readonly group: ByWay<Bytes>
  readonly typing: ByWay<Bytes>
  readonly idle: ByWay<Bytes>
  readonly latencies: ByWay<readonly number[]>
  readonly lost: ByWay<number>
  /** What all nodes without a subscriber have read for each one-to-one message, together. */
  readonly readElsewhere: ByWay<number>
}

export const missedTargets: string[] = []

function checkTarget(isMet: boolean, text: string): void {
  if (!isMet) missedTargets.push(text)
}

/** The ways that have to meet the targets: on Socket.IO's adapter every node reads everything, whatever it costs. */
const ROUTED = ['redis', 'nats'] as const

export function checkFigures(all: readonly Figures[]): void {
  const [first, last] = [all[0]!, all.at(-1)!]
  for (const way of ROUTED) {
    const of = (kind: 'oneToOne' | 'typing' | 'group', { [kind]: bytes }: Figures) => bytes[way].output
    for (const kind of ['oneToOne', 'typing'] as const) {
      const growth = of(kind, last) / of(kind, first)
      checkTarget(
        growth <= 1.1,
        `${way}, ${kind}: ${growth.toFixed(2)} × with ${last.nodes} nodes of what it is with ${first.nodes}`,
      )
    }
    for (const figures of all) {
      const { nodes: size, idle, readElsewhere, lost } = figures
      for (const kind of ['oneToOne', 'typing', 'group'] as const) {
        const ratio = of(kind, figures) / figures[kind].room.output
        checkTarget(ratio <= 1, `${way}, ${kind}, ${size} nodes: ${ratio.toFixed(2)} × the room`)
      }
      // A byte a second and node is less than the NATS server's own pings.
      const perNode = (bytes: Bytes, count: number) => (bytes.input + bytes.output) / count
      const allowed = Math.max(1, 1.1 * perNode(first.idle[way], first.nodes))
      checkTarget(
        perNode(idle[way], size) <= allowed,
        `${way}, ${size} nodes: idle traffic grows faster than the nodes`,
      )
      checkTarget(
        readElsewhere[way].toFixed(0) === '0',
        `${way}, ${size} nodes: others read ${readElsewhere[way].toFixed(1)} bytes`,
      )
      checkTarget(lost[way] === 0, `${way}, ${size} nodes: ${lost[way]} lost`)
    }
  }
}

export function printFigures(all: readonly Figures[]): void {
  const head = (what: string) => [what, ...all.map(({ nodes: size }) => `${size} nodes`)]
  const rows = (cell: (figures: Figures, way: Way) => string) =>
    WAYS.map((way) => [NAMES[way], ...all.map((figures) => cell(figures, way))])
  const table = (what: string, cell: (figures: Figures, way: Way) => string) => {
    printTable(head(what), rows(cell))
    console.log()
  }
  const whole = (bytes: number) => Math.round(bytes).toLocaleString('en')
  table('bytes out per one-to-one message', ({ oneToOne }, way) => whole(oneToOne[way].output))
  table('bytes out per message to a group', ({ group }, way) => whole(group[way].output))
  table('bytes out per typing session', ({ typing }, way) => whole(typing[way].output))
  table('idle, bytes a second in / out', ({ idle }, way) => `${whole(idle[way].input)} / ${whole(idle[way].output)}`)
  table('read by all others per message', ({ readElsewhere }, way) => whole(readElsewhere[way]))
  const ms = (values: readonly number[], share: number) => quantile(values, share).toFixed(1)
  table('latency p50 / p99 ms', ({ latencies }, way) => `${ms(latencies[way], 0.5)} / ${ms(latencies[way], 0.99)}`)
}

export function printCpu(costs: ByWay<readonly number[]>): void {
  const ratio = (way: Way) => median(costs[way].map((cost, index) => cost / costs.room[index]!))
  printTable(
    ['way', 'CPU µs of the receiving node per message', 'of the room'],
    WAYS.map((way) => [NAMES[way], median(costs[way]).toFixed(0), ratio(way).toFixed(2)]),
  )
  // The room is on Redis as well, with the same client. On NATS another client reads, which costs more than the plug-in.
  checkTarget(ratio('redis') <= 1, `redis: CPU of the receiving node is ${ratio('redis').toFixed(2)} × the room`)
}
