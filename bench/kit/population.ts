/** The assumptions of `bench/cluster.ts`: who is connected, where, and what they do. Every figure is of one device. */

export const NODES = 64
/** Devices, each of another user. */
export const DEVICES = 100_000

/** What a device does a minute. */
export interface Rates {
  /** Messages to one user that are no typing: reactions, "is calling", cursors. Together with `groupMessages`. */
  readonly messages: number
  readonly groupMessages: number
  /** Typing sessions. Two in a hundred people type at any time, most of them to one user. */
  readonly typing: number
  readonly groupTyping: number
  /** Conversations that are closed for another one. */
  readonly switches: number
}

export const RATES: Rates = { messages: 0.5, groupMessages: 0.1, typing: 0.1, groupTyping: 0.02, switches: 0.5 }

/** Length of a typing session, in milliseconds. */
export const TYPING = 10_000

/** Size of a message's data, in bytes. */
export const DATA_BYTES = 60

/**
 * A device has two conversations with one user each open, the one on the screen and one more, and one group. The other
 * side has the same conversation open, so every message arrives: in a real app most do not find anybody.
 */
export const peersOf = (device: number): readonly [first: number, second: number] => [device ^ 1, device ^ 2]

/** How large the groups are, by members who have the group open, and which share of all devices is in one of this size. */
const GROUPS = [
  { size: 5, share: 0.4 },
  { size: 20, share: 0.3 },
  { size: 100, share: 0.2 },
  { size: 1000, share: 0.1 },
] as const

export const userId = (device: number): string => `user-${String(device).padStart(6, '0')}`

/** Spreads numbers evenly over 32 bits. */
function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x45d9f3b)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/** The node of a device: a load balancer knows nothing about conversations. */
export const nodeOf = (device: number): number => mix(device + 1) % NODES

export function groupOf(device: number): string {
  let first = 0
  for (const { size, share } of GROUPS) {
    const end = first + Math.round(share * DEVICES)
    if (device < end) return `group-${size}-${Math.floor((device - first) / size)}`
    first = end
  }
  throw new RangeError(`device ${device} is in no group`)
}
