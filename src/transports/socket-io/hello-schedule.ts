import { ANSWER_TIMEOUT } from '../../core/constants.ts'

/** How many hellos follow one another at once, while the clock is not known well enough. */
export const QUICK_HELLOS = 5

/** Time between two hellos after those, and after everything that casts doubt on the clock (K2, K3), in milliseconds. */
const HELLO_INTERVAL = 5000

/** Time between two hellos that only narrow the error bound of a clock that is good enough, in milliseconds. */
const REFRESH_INTERVAL = 30_000

/** Time between two hellos that the server may refuse, in milliseconds. */
const RETRY_INTERVAL = 1000

/** K1: the largest error bound with which the transport is online, as a share of `maxAge`. */
export const MAX_ERROR_SHARE: number = 1 / 4

/** The error bound up to which no hello is needed, as a share of `maxAge`. */
export const GOOD_ERROR_SHARE: number = 1 / 8

/** What decides when the next hello is due. */
export interface HelloState {
  /** Whether the transport is online, all its subscriptions are written, and nothing casts doubt on the clock. */
  readonly isGoodEnough: boolean
  /** The error bound of the clock as a share of `maxAge`. `Infinity` while it is unknown. */
  readonly errorShare: number
  /** How many hellos may still follow one another at once. */
  readonly quickHellosLeft: number
  /** How long ago the latest hello was said, in milliseconds. */
  readonly sinceHello: number
}

/**
 * Hellos are few. On a new connection, and after a jump of the clock, at most five follow one another, until the error
 * bound is an eighth of `maxAge`. After that there is one in 5 s while the transport is not online, one in 30 s while the
 * bound is larger than that eighth, and one in eight minutes because of drift.
 */
export function isHelloDue({ isGoodEnough, errorShare, quickHellosLeft, sinceHello }: HelloState): boolean {
  if (isGoodEnough && errorShare <= GOOD_ERROR_SHARE) return false
  if (quickHellosLeft > 0) return true
  return sinceHello >= (isGoodEnough ? REFRESH_INTERVAL : HELLO_INTERVAL)
}

/** Whether a hello that the server has refused may be said again. */
export const isRetryDue = (sinceHello: number): boolean => sinceHello >= RETRY_INTERVAL

/** Whether nobody waits any longer for the answer to a hello. */
export const isOverdue = (sinceHello: number): boolean => sinceHello >= ANSWER_TIMEOUT
