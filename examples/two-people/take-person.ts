import { otherThan, type Person } from './people.ts'

/**
 * Who a tab is, until the signal says that it is nobody any more: who it wants to be, else the other one. When both are
 * taken by other tabs it is one more device of the first.
 */
export async function takePerson(wish: Person, signal: AbortSignal): Promise<Person> {
  for (const person of [wish, otherThan(wish)]) if (await take(person, signal)) return person
  return wish
}

/** A lock is let go with its tab, however that ends. */
const take = ({ id }: Person, signal: AbortSignal) =>
  new Promise<boolean>((resolve) => {
    // Missing where the page came over plain HTTP from another machine.
    const locks = navigator.locks as LockManager | undefined
    if (!locks) return resolve(true)
    void locks.request(`two tabs: ${id}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null)
      if (!lock || signal.aborted) return undefined
      return new Promise<void>((letGo) => signal.addEventListener('abort', () => letGo()))
    })
  })
