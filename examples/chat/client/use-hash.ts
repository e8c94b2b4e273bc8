import { useSyncExternalStore } from 'react'

function subscribe(listener: () => void) {
  addEventListener('hashchange', listener)
  return () => removeEventListener('hashchange', listener)
}

/** What follows the `#` in the address. It says which room is open, so a reload opens the same one. */
export const useHash = () => useSyncExternalStore(subscribe, () => location.hash.slice(1))
