/** How many numbers behind the latest one a message may arrive: some adapters let messages overtake each other. */
const WINDOW = 1024

/** Checks the numbers of the messages that one node publishes. */
export interface Sequence {
  /**
   * @param number of the message that has just arrived.
   * @returns `duplicate` if this number has already arrived, or may have; `late` if it was missing until now; and
   *   otherwise how many messages are missing before this one.
   */
  accept(number: number): 'new' | 'late' | 'duplicate' | { readonly gap: number }
}

/**
 * Each node numbers its messages 1, 2, 3, … What was published before this node met the other one is not missing, so
 * any first number will do.
 */
export function createSequence(): Sequence {
  let latest = 0
  /** The missing numbers within the window, the oldest first. */
  const missing = new Set<number>()

  function addMissing(from: number, to: number): void {
    for (let number = Math.max(from, to - WINDOW); number < to; number++) missing.add(number)
    for (const number of missing) {
      if (number >= to - WINDOW) return
      missing.delete(number)
    }
  }

  return {
    accept(number) {
      if (number <= latest) return missing.delete(number) ? 'late' : 'duplicate'
      const gap = latest === 0 ? 0 : number - latest - 1
      addMissing(number - gap, number)
      latest = number
      return gap === 0 ? 'new' : { gap }
    },
  }
}
