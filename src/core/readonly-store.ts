import type { StoreApi } from 'zustand/vanilla'

/** A zustand store that can be read and subscribed to, but not written. zustand's `useStore` takes it. */
export type ReadonlyStore<T> = Pick<StoreApi<T>, 'getState' | 'getInitialState' | 'subscribe'>
