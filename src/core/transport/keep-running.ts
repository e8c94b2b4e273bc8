import type { ReadonlyStore } from '../readonly-store.ts'

/** Keeps a lifecycle store running, as a subscriber that ignores every change. The function that it returns ends that. */
export const keepRunning = (store: ReadonlyStore<unknown>): (() => void) => store.subscribe(() => {})

/**
 * Keeps a lifecycle store running for one subscription of a transport (T5). The subscription ends before the store
 * stops, so that the other side can still be notified.
 *
 * @param subscribe begins the subscription, and returns the function that ends it.
 */
export function keepRunningWhileSubscribed(store: ReadonlyStore<unknown>, subscribe: () => () => void): () => void {
  // First: where it throws, nothing is left running.
  const unsubscribe = subscribe()
  const stopRunning = keepRunning(store)
  return () => {
    unsubscribe()
    stopRunning()
  }
}
