'use client'

import { useSyncExternalStore } from 'react'
import type { ReadonlyStore } from '../../core/readonly-store.ts'

/** The state of a store, kept up to date. On a server and while hydrating it is the initial one. */
export const useStore = <T>(store: ReadonlyStore<T>): T =>
  useSyncExternalStore(store.subscribe, store.getState, store.getInitialState)
