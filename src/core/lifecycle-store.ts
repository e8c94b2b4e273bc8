import type { ReadonlyStore } from './readonly-store.ts'

type Watcher<T> = Parameters<ReadonlyStore<T>['subscribe']>[0]

export interface LifecycleStore<T> extends ReadonlyStore<T> {
  /** What is equal to the state before is no news, and is not kept. */
  set(state: T): void
}

/**
 * A store that lives from its first subscriber to its last: `start` runs for the first, and what it returned runs after
 * the last. As in zustand, a function that subscribes twice is one subscriber. Unsubscribing twice does nothing.
 */
export function createLifecycleStore<T>(initial: T, start: () => () => void): LifecycleStore<T> {
  const watchers = new Set<Watcher<T>>()
  let state = initial
  let stop: () => void
  return {
    getInitialState: () => initial,
    getState: () => state,
    set(next) {
      if (JSON.stringify(next) === JSON.stringify(state)) return
      const before = state
      state = next
      for (const watcher of watchers) watcher(state, before)
    },
    subscribe(watcher) {
      if (!watchers.size) stop = start()
      watchers.add(watcher)
      return () => {
        if (watchers.delete(watcher) && !watchers.size) stop()
      }
    },
  }
}
