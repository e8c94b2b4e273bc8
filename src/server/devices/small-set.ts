/**
 * A set that usually holds one item or none, and then costs nothing beside the item: there may be very many of them.
 * `undefined` is the empty set.
 */
export type SmallSet<T extends object> = T | Set<T> | undefined

/** The items, as a copy: what is done with one of them may remove it from the set. */
export function itemsOf<T extends object>(set: SmallSet<T>): readonly T[] {
  if (set === undefined) return []
  return set instanceof Set ? [...set] : [set]
}

export function countOf(set: SmallSet<object>): number {
  if (set === undefined) return 0
  return set instanceof Set ? set.size : 1
}

export const includes = <T extends object>(set: SmallSet<T>, item: T): boolean =>
  set instanceof Set ? set.has(item) : set === item

/** The set with one more item. The set that was passed in must not be used any more. */
export function addTo<T extends object>(set: SmallSet<T>, item: T): SmallSet<T> {
  if (set === undefined || set === item) return item
  return set instanceof Set ? set.add(item) : new Set([set, item])
}

/** The set without an item. The set that was passed in must not be used any more. */
export function removeFrom<T extends object>(set: SmallSet<T>, item: T): SmallSet<T> {
  if (set === item) return undefined
  if (!(set instanceof Set)) return set
  set.delete(item)
  return set.size > 1 ? set : [...set][0]
}
