import type { WireTypist } from '../../core/transport/wire.ts'
import type { Room, RoomTypist } from '../model.ts'
import { EMPTY_VIEW, NOBODY_SHOWN, type Shown, type View } from './shown.ts'

/** Receivers who type and are not named, and receivers who do not type: each of the two kinds shares one view. */
const TYPING_UNNAMED = Symbol('types, not named')
const NOT_TYPING = Symbol('does not type')

/**
 * Takes a picture of who types in a room now. There are at most `maxNames` + 2 views of it, however many receive it.
 *
 * @param maxNames how many typists a view names.
 */
export function takeShown({ typists }: Room, maxNames: number): Shown {
  if (!typists.size) return NOBODY_SHOWN
  const ids = new Set(typists.keys())
  // One more than are named: a receiver who is one of them sees the others.
  const first = [...typists].slice(0, maxNames + 1).map(toWire)
  const namedIds = new Set(first.slice(0, maxNames).map(({ id }) => id))
  const views = new Map<string | symbol, View>()

  function variantFor(userId: string): string | symbol {
    if (namedIds.has(userId)) return userId
    return ids.has(userId) ? TYPING_UNNAMED : NOT_TYPING
  }

  function makeView(userId: string): View {
    const others = first.filter(({ id }) => id !== userId).slice(0, maxNames)
    const total = ids.has(userId) ? ids.size - 1 : ids.size
    if (total === 0) return EMPTY_VIEW
    return { typists: others, total, key: JSON.stringify([total, others]) }
  }

  return {
    signature: JSON.stringify([first, [...ids]]),
    viewOf(userId) {
      const variant = variantFor(userId)
      const known = views.get(variant)
      if (known) return known
      const view = makeView(userId)
      views.set(variant, view)
      return view
    },
  }
}

/** A typist as the latest session shows them: a message from one device does not hide typing on another (R6). */
function toWire([id, { sessions }]: readonly [string, RoomTypist]): WireTypist {
  const [device, session] = [...sessions].at(-1) ?? []
  const user = device?.user ?? { id }
  const since = session?.since ?? 0
  const activity = session?.activity ?? 'typing'
  if (activity === 'typing') return { ...user, since }
  return { ...user, activity, since }
}
