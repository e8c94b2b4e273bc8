import { sharedNow } from '../until.ts'
import type { Payload } from './types.ts'

/** A message that is older when it is delivered to the app is late: the server's `maxAge`, and 250 ms for measuring. */
export const LATE: number = 2000 + 250

/** What became of a run's messages. All but the first have to be 0. */
export interface Tally {
  delivered: number
  /** Sent while both sides were connected and reading, and never delivered to the app. */
  lost: number
  /** Delivered to the app when it was older than `LATE`, or after a gap that it was sent before or in. */
  late: number
  duplicated: number
  /** Delivered to a device that it was not for. */
  misdelivered: number
  /** Found in something that stores messages. */
  stored: number
}

export type Violation = Exclude<keyof Tally, 'delivered'>
export const VIOLATIONS: readonly Violation[] = ['lost', 'late', 'duplicated', 'misdelivered', 'stored']

/** The devices that may receive a message, and those that have to. */
export interface Expectation {
  readonly allowed: readonly string[]
  readonly required: readonly string[]
}

/** These devices have to receive it, and no other may. */
export const mustReach = (...devices: readonly string[]): Expectation => ({ allowed: devices, required: devices })

/** These devices may receive it, and no other may: no device at all when none is given. */
export const mayReach = (...devices: readonly string[]): Expectation => ({ allowed: devices, required: [] })

/** Messages that a server numbers itself begin here. */
export const FIRST_SERVER_NUMBER = 1_000_000

/** What a run has sent and received, and what it should have. */
export interface Ledger {
  readonly tag: string
  /** Numbers messages that are about to be sent. */
  issue(count: number, expectation: Expectation, sender?: string): Payload[]
  /** Expects messages that a server numbers from `FIRST_SERVER_NUMBER` on, and sends to several devices in turn. */
  expectInTurn(expectations: readonly Expectation[]): void
  recordReceived(device: string, payload: Payload, at: number): void
  /** From now on this device, or every device, must not receive what was sent before. */
  endGap(device?: string): void
  recordViolation(violation: Violation, count?: number): void
  /** The messages that have to be received and have not been. */
  missing(): string[]
  /** Where a device has received a sender's message after a newer one of the same sender: both numbers. */
  reordered(device: string): { readonly newer: number; readonly older: number }[]
  /** How many messages a device has received. */
  receivedCount(device: string): number
  /** The greatest age of a message when it was received, in milliseconds. */
  greatestAge(): number
  tally(): Tally
}

export function createLedger(tag: string): Ledger {
  const expectations = new Map<number, Expectation>()
  const senders = new Map<number, string>()
  let inTurn: readonly Expectation[] = []
  /** The numbers that each device has received, in order. */
  const received = new Map<string, number[]>()
  const distinct = new Map<string, Set<number>>()
  const gapEnds: { readonly at: number; readonly device: string | undefined }[] = []
  const counts: Tally = { delivered: 0, lost: 0, late: 0, duplicated: 0, misdelivered: 0, stored: 0 }
  let lastNumber = 0
  let greatestAge = 0

  const expectationOf = (n: number): Expectation | undefined =>
    expectations.get(n) ?? inTurn[(n - FIRST_SERVER_NUMBER) % inTurn.length]

  const crossesGap = (device: string, sentAt: number, receivedAt: number) =>
    gapEnds.some((gap) => {
      const isOfDevice = gap.device === undefined || gap.device === device
      return isOfDevice && sentAt < gap.at && gap.at <= receivedAt
    })

  const judge = (device: string, { n, at: sentAt }: Payload, receivedAt: number): keyof Tally => {
    if (!expectationOf(n)?.allowed.includes(device)) return 'misdelivered'
    if (distinct.get(device)?.has(n)) return 'duplicated'
    if (receivedAt - sentAt > LATE || crossesGap(device, sentAt, receivedAt)) return 'late'
    return 'delivered'
  }

  const missing = () =>
    [...expectations].flatMap(([n, { required }]) =>
      required.filter((device) => !distinct.get(device)?.has(n)).map((device) => `${n} to ${device}`),
    )

  return {
    tag,
    issue: (count, expectation, sender = 'nobody') =>
      Array.from({ length: count }, () => {
        const n = ++lastNumber
        expectations.set(n, expectation)
        senders.set(n, sender)
        return { n, tag, at: 0 }
      }),
    expectInTurn(expected) {
      inTurn = expected
    },
    recordReceived(device, payload, at) {
      counts[judge(device, payload, at)]++
      greatestAge = Math.max(greatestAge, at - payload.at)
      if (!distinct.has(device)) distinct.set(device, new Set())
      distinct.get(device)!.add(payload.n)
      if (!received.has(device)) received.set(device, [])
      received.get(device)!.push(payload.n)
    },
    endGap: (device) => void gapEnds.push({ at: sharedNow(), device }),
    recordViolation(violation, count = 1) {
      counts[violation] += count
    },
    missing,
    reordered(device) {
      const newest = new Map<string | undefined, number>()
      const pairs: { newer: number; older: number }[] = []
      for (const n of received.get(device) ?? []) {
        const sender = senders.get(n)
        const newer = newest.get(sender) ?? 0
        if (n < newer) pairs.push({ newer, older: n })
        else newest.set(sender, n)
      }
      return pairs
    },
    receivedCount: (device) => distinct.get(device)?.size ?? 0,
    greatestAge: () => greatestAge,
    tally: () => ({ ...counts, lost: counts.lost + missing().length }),
  }
}
