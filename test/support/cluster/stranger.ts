import { atEnd, startServer } from '../server/harness.ts'
import { openAdapter } from './adapters.ts'
import { ANY_PAIR } from './nodes.ts'

/** What crosses the bus. */
export type Message = readonly [
  version: unknown,
  id: string,
  number: number,
  stamp: number,
  kind: string,
  ...payload: unknown[],
]

/** As fine as a node's own clock: a whole millisecond may be more than the clocks are known to differ by. */
const now = () => performance.timeOrigin + performance.now()

/** A node that says whatever it likes, beside a real one. */
export interface Stranger {
  readonly heard: Message[]
  /** Exactly this. */
  raw(...message: unknown[]): void
  /** The number of its latest message. */
  number(): number
  skip(count: number): void
  say(kind: string, ...payload: unknown[]): void
  /** Answers the latest message there was, so that its clock is known. */
  beat(asks?: string[]): void
}

export async function startStranger(port: number, name = 'stranger'): Promise<Stranger> {
  const { adapter, close } = await openAdapter(ANY_PAIR, port)
  atEnd(close)
  const { io } = await startServer({ attach: false, io: { adapter } })
  const heard: Message[] = []
  let cameAt = 0
  io.on('om:bus' as never, (...message: unknown[]) => {
    heard.push(message as unknown as Message)
    cameAt = now()
  })
  let number = 0
  const raw = (...message: unknown[]) => io.serverSideEmit('om:bus' as never, ...(message as never[]))
  return {
    heard,
    raw,
    number: () => number,
    skip: (count: number) => void (number += count),
    say: (kind: string, ...payload: unknown[]) => raw(1, name, ++number, now(), kind, ...payload),
    beat(asks = []) {
      const [, id, , stamp] = heard.at(-1)!
      raw(1, name, ++number, now(), 'beat', asks, [[id, stamp, now() - cameAt]])
    },
  }
}
