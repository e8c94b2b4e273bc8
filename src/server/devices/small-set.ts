/** A set which mostly has one item or none, and then costs nothing beside it: there may be very many. */
export type SmallSet<T extends object> = T | Set<T> | undefined

/** What is in it now. A copy: whatever is done with an item may take it out. */
export const itemsOf = <T extends object>(few: SmallSet<T>): readonly T[] =>
  few instanceof Set ? [...few] : few ? [few] : []

export const countOf = (few: SmallSet<object>): number => (few instanceof Set ? few.size : few ? 1 : 0)

export const includes = <T extends object>(few: SmallSet<T>, item: T): boolean =>
  few instanceof Set ? few.has(item) : few === item

/** The set with one more item, which is there once. The one before is not to be used any more. */
export function addTo<T extends object>(few: SmallSet<T>, item: T): SmallSet<T> {
  if (few instanceof Set) return few.add(item)
  return few && few !== item ? new Set([few, item]) : item
}

/** The set without an item. The one before is not to be used any more. */
export function removeFrom<T extends object>(few: SmallSet<T>, item: T): SmallSet<T> {
  if (!(few instanceof Set)) return few === item ? undefined : few
  few.delete(item)
  return few.size > 1 ? few : [...few][0]
}
