/** A map that forgets. It bounds what a flood of made-up keys can cost. */
export interface BoundedMap<Key, Value> {
  has(key: Key): boolean
  get(key: Key): Value | undefined
  /** Makes `key` the latest one. If there are too many keys now, the one that was set longest ago is forgotten. */
  set(key: Key, value: Value): void
  delete(key: Key): void
}

/** @param max most keys that are remembered. */
export function createBoundedMap<Key, Value>(max: number): BoundedMap<Key, Value> {
  // A `Map` iterates in order of insertion: its first key is the one that was set longest ago.
  const entries = new Map<Key, Value>()

  return {
    has: (key) => entries.has(key),
    get: (key) => entries.get(key),
    set(key, value) {
      entries.delete(key)
      entries.set(key, value)
      if (entries.size <= max) return
      for (const oldest of entries.keys()) {
        entries.delete(oldest)
        return
      }
    },
    delete(key) {
      entries.delete(key)
    },
  }
}
