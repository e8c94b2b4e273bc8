import { createStore } from 'zustand/vanilla'
import type { ReadonlyStore } from './readonly-store.ts'

/** A store whose source runs only while somebody is subscribed. */
export interface LifecycleStore<T> extends ReadonlyStore<T> {
  /** Replaces the state. As in zustand, the same state (`Object.is`) notifies nobody. */
  setState(state: T): void
}

/**
 * A zustand store that starts with its first subscriber and stops after its last one.
 *
 * Each call of `subscribe` is a subscription of its own, even with the same listener, and its unsubscribe function ends
 * only that one, however often it is called.
 *
 * @param start runs before the first subscription begins. The function that it returns runs after the last one has ended.
 */
export function createLifecycleStore<T>(initial: T, start: () => () => void): LifecycleStore<T> {
  const store = createStore<T>(() => initial)
  let subscriptions = 0
  let stop: () => void

  return {
    getInitialState: store.getInitialState,
    getState: store.getState,
    setState(state) {
      store.setState(state, true)
    },
    subscribe(listener) {
      if (subscriptions === 0) stop = start()
      subscriptions++
      let isSubscribed = true
      // A function of its own: zustand counts one function that subscribes twice as one subscriber.
      const unsubscribeListener = store.subscribe((state, previous) => listener(state, previous))

      return () => {
        if (!isSubscribed) return
        isSubscribed = false
        unsubscribeListener()
        subscriptions--
        if (subscriptions === 0) stop()
      }
    },
  }
}
