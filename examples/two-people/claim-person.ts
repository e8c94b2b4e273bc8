import { otherThan, type Person } from './people.ts'

/**
 * Decides which person a tab is: the preferred one, or else the other one. If other tabs have claimed both, this tab is one
 * more device of the preferred person. The claim ends with the tab, or with `signal`.
 */
export async function claimPerson(preferred: Person, signal: AbortSignal): Promise<Person> {
  for (const person of [preferred, otherThan(preferred)]) {
    if (await claim(person, signal)) return person
  }
  return preferred
}

/** Takes a lock, which the browser releases when the tab ends, however it ends. */
const claim = ({ id }: Person, signal: AbortSignal) =>
  new Promise<boolean>((resolve) => {
    // Browsers have no locks on a page that came over plain HTTP from another machine.
    const locks = navigator.locks as LockManager | undefined
    if (!locks) return resolve(true)

    void locks.request(`two tabs: ${id}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null)
      if (!lock || signal.aborted) return undefined
      return new Promise<void>((release) => signal.addEventListener('abort', () => release()))
    })
  })
