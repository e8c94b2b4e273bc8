import { MAX_LEASE_TTL } from '../constants.ts'
import type { User } from '../message/user.ts'

/** What somebody is doing in a conversation. */
export type Activity = (typeof ACTIVITIES)[number]

/** All activities, the default one first. */
export const ACTIVITIES = ['typing', 'recording', 'photo', 'video', 'file', 'sticker', 'thinking'] as const

/** Somebody who is typing, or doing what `activity` says. */
export interface Typist extends User {
  /** What they are doing. */
  readonly activity: Activity
  /**
   * When they began, in milliseconds since 1970: by the server's clock, or, on a transport without a server, by the
   * typist's own.
   */
  readonly since: number
}

/** Who types in one conversation. It is the same object as before if nothing has changed. */
export interface TypingState {
  /** The typists that are known by name, in the order in which they began. */
  readonly typists: readonly Typist[]
  /** How many typists there are in all. In a large group it is more than `typists` has. */
  readonly total: number
}

/**
 * A typist's lease: it shows them for the next few seconds. It is the data of a `textInput` message, and it is renewed,
 * released with `ttl: 0`, or expires.
 */
export interface TypingLease {
  /** How long the lease lives, in milliseconds, at most 60,000. 0 releases it. */
  readonly ttl: number
  /** What they are doing. */
  readonly activity: Activity
  /**
   * When this typing session began, in milliseconds since 1970, by the typist's clock. It only distinguishes sessions:
   * those of one user's devices, and a late renewal from a new start (R6). 0 if it is unknown.
   */
  readonly since: number
}

/** Nobody types. */
export const NO_TYPISTS: TypingState = { typists: [], total: 0 }

/** Whether two states show the same typists, in the same order, doing the same. */
export const isSameTypingState = (one: TypingState, other: TypingState): boolean =>
  one.total === other.total &&
  one.typists.length === other.typists.length &&
  one.typists.every((typist, index) => isSameTypist(typist, other.typists[index]))

const isSameTypist = (one: Typist, other: Typist | undefined): boolean =>
  one.id === other?.id &&
  one.name === other.name &&
  one.avatar === other.avatar &&
  one.activity === other.activity &&
  one.since === other.since

/**
 * What these typists are all doing. It is `typing` when they do different things, and when nobody is named.
 */
export function commonActivity(typists: readonly Typist[]): Activity {
  const [first] = typists
  if (!first) return 'typing'
  const isShared = typists.every(({ activity }) => activity === first.activity)
  return isShared ? first.activity : 'typing'
}

/** Parses an activity that came over a wire. One that this version does not know counts as typing. */
export const parseActivity = (value: unknown): Activity => ACTIVITIES.find((known) => known === value) ?? 'typing'

/** Parses a number that came over a wire. Anything else counts as 0: `Number(value)` would throw for some objects. */
export const parseNumber = (value: unknown): number => (typeof value === 'number' ? value : 0)

/** Parses a lease that came over a wire. Anything else counts as a release, which does no harm. */
export function parseLease(value: unknown): TypingLease {
  const { ttl, activity, since } = Object(value) as Record<string, unknown>
  return {
    ttl: Math.min(parseNumber(ttl), MAX_LEASE_TTL),
    activity: parseActivity(activity),
    since: parseNumber(since),
  }
}
