import { tick } from './clock.ts'
import type { Payload } from './words.ts'

/** What is older when it is handed to the app is late, in milliseconds: the server's `maxAge`, and what measuring costs. */
export const LATE: number = 2000 + 250

/** What became of a run's messages. The last five have to be 0. */
export interface Tally {
  delivered: number
  /** Sent while both sides were connected and reading, and never handed to the app. */
  lost: number
  /** Handed to the app when it was older than `LATE`, or after a gap it was sent before or in. */
  late: number
  duplicated: number
  /** Handed to a device that it was not for. */
  misdelivered: number
  /** Found in something that keeps messages. */
  stored: number
}

export type Sin = Exclude<keyof Tally, 'delivered'>
export const SINS: readonly Sin[] = ['lost', 'late', 'duplicated', 'misdelivered', 'stored']

/** Who may hear a message, and who has to. */
export interface Fate {
  readonly may: readonly string[]
  readonly must?: readonly string[]
}

/** What is numbered elsewhere begins here. */
export const RESERVED = 1_000_000

/** Keeps the books of one run. */
export interface Ledger {
  readonly word: string
  /** Writes messages down that are about to be sent. */
  issue(count: number, fate: Fate, from?: string): Payload[]
  /** The same for messages that something else numbers, from `RESERVED` on, to several in turn. */
  reserve(fates: readonly Fate[]): void
  heard(device: string, payload: Payload, at: number): void
  /** What has to be heard and has not been. */
  missing(): string[]
  /** Whatever was sent before this moment must not be heard after it, by this device or by any. */
  barrier(device?: string): void
  /** Whether all that has to be heard has been. */
  isComplete(): boolean
  sin(kind: Sin, count?: number): void
  /** Where a device has heard something of one sender after something newer of the same: both numbers. */
  reordered(device: string): [later: number, earlier: number][]
  /** How many messages a device has heard. */
  heardBy(device: string): number
  /** The greatest age of anything when it was heard, in milliseconds. */
  oldest(): number
  tally(): Tally
}

export function createLedger(word: string): Ledger {
  const fates = new Map<number, Fate>()
  const senders = new Map<number, string>()
  let reserved: readonly Fate[] = []
  const order = new Map<string, number[]>()
  const seen = new Map<string, Set<number>>()
  const barriers: { readonly at: number; readonly device: string | undefined }[] = []
  const counted: Tally = { delivered: 0, lost: 0, late: 0, duplicated: 0, misdelivered: 0, stored: 0 }
  let last = 0
  let oldest = 0

  const fateOf = (n: number) => fates.get(n) ?? reserved[(n - RESERVED) % reserved.length]
  const crosses = (device: string, from: number, to: number) =>
    barriers.some((barrier) => from < barrier.at && barrier.at <= to && device === (barrier.device ?? device))
  const missing = () =>
    [...fates].flatMap(([n, { must = [] }]) =>
      must.filter((device) => !seen.get(device)?.has(n)).map((device) => `${n} to ${device}`),
    )

  return {
    word,
    issue: (count, fate, from = 'nobody') =>
      Array.from({ length: count }, () => {
        fates.set(++last, fate)
        senders.set(last, from)
        return { n: last, word, at: 0 }
      }),
    missing,
    reserve(fates) {
      reserved = fates
    },
    heard(device, payload, at) {
      const fate = fateOf(payload.n)
      const before = seen.get(device) ?? new Set()
      seen.set(device, before)
      if (!fate?.may.includes(device)) counted.misdelivered++
      else if (before.has(payload.n)) counted.duplicated++
      else if (at - payload.at > LATE || crosses(device, payload.at, at)) counted.late++
      else counted.delivered++
      before.add(payload.n)
      oldest = Math.max(oldest, at - payload.at)
      const own = order.get(device) ?? []
      order.set(device, own)
      own.push(payload.n)
    },
    barrier: (device) => void barriers.push({ at: tick(), device }),
    isComplete: () => missing().length === 0,
    sin(kind, count = 1) {
      counted[kind] += count
    },
    reordered(device) {
      const newest = new Map<string | undefined, number>()
      const wrong: [number, number][] = []
      for (const n of order.get(device) ?? []) {
        const before = newest.get(senders.get(n)) ?? 0
        if (n < before) wrong.push([before, n])
        else newest.set(senders.get(n), n)
      }
      return wrong
    },
    heardBy: (device) => seen.get(device)?.size ?? 0,
    oldest: () => oldest,
    tally: () => ({ ...counted, lost: counted.lost + missing().length }),
  }
}
