import { MAX_LEASE_TTL } from '../constants.ts'
import type { User } from '../message/user.ts'

/** What somebody is doing in a conversation. */
export type Activity = (typeof ACTIVITIES)[number]

/** Every activity there is, the plain one first. */
export const ACTIVITIES = ['typing', 'recording', 'photo', 'video', 'file', 'sticker', 'thinking'] as const

/** Somebody who is typing, or doing whatever `activity` says. */
export interface Typist extends User {
  /** What they are doing; `typing` is the plain one. */
  readonly activity: Activity
  /**
   * When they began, in milliseconds since 1970, by the clock of whoever keeps the lease: the server's, or on carriers
   * without one the typist's.
   */
  readonly since: number
}

/** Who types in one conversation. The same object as before when nothing has changed. */
export interface TypingState {
  /** Those who are named, who began first comes first. */
  readonly typists: readonly Typist[]
  /** How many there are in all; more than are named in a large group. */
  readonly total: number
}

/** A server's whole truth about who types in one conversation. A newer one replaces an older one. */
export type TypingUpdate = TypingState

/**
 * A typist's claim to be shown for a while: the data of a `textInput` message. It is renewed, given back with
 * `ttl: 0`, or lapses.
 */
export interface TypingLease {
  /** How long it holds, in milliseconds. 0 gives it back. At most 60,000. */
  readonly ttl: number
  /** What they are doing. */
  readonly activity: Activity
  /**
   * When this session of typing began, in milliseconds since 1970 by the typist's clock. It only tells sessions apart:
   * those of one user's devices, and a late renewal from a new start (R6). 0 where nobody tells.
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

/** Reads an activity that came over a wire; one this version does not know counts as typing. */
export const parseActivity = (value: unknown): Activity => ACTIVITIES.find((known) => known === value) ?? 'typing'

// Not `Number(value)`, which throws for an object that cannot be one.
const readNumber = (value: unknown) => (typeof value === 'number' ? value : 0)

/** Reads a lease that came over a wire. What is none gives back, which does no harm. */
export function parseLease(value: unknown): TypingLease {
  const { ttl, activity, since } = Object(value) as Record<string, unknown>
  return { ttl: Math.min(readNumber(ttl), MAX_LEASE_TTL), activity: parseActivity(activity), since: readNumber(since) }
}
