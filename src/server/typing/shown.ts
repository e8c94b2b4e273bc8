import type { WireTypist } from '../../core/transport/wire.ts'

/** What one receiver sees of the typists in a room. Receivers who see the same share a view. */
export interface View {
  readonly typists: readonly WireTypist[]
  /** How many type, those who are not named included. */
  readonly total: number
  /** Two views with the same key look the same. */
  readonly key: string
}

/** Who types in a room at one moment, as its receivers see it. */
export interface Shown {
  /** Two moments with the same signature look the same to every receiver. */
  readonly signature: string
  /** What a user sees: the others, never themselves (T4). */
  viewOf(userId: string): View
}

export const EMPTY_VIEW: View = { typists: [], total: 0, key: '' }

/** Nobody types. */
export const NOBODY_SHOWN: Shown = { signature: '', viewOf: () => EMPTY_VIEW }
