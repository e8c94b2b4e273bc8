import type { StoreApi } from 'zustand/vanilla'

/** A zustand store that can be read and watched, not written. It fits zustand's `useStore`. */
export type ReadonlyStore<T> = Pick<StoreApi<T>, 'getState' | 'getInitialState' | 'subscribe'>
