/** Checks the numbers of the messages that one node publishes. */
export interface Sequence {
  /**
   * @param number of the message that has just arrived.
   * @returns `duplicate` if this number or a later one has already arrived, and otherwise how many messages are missing
   *   before this one.
   */
  accept(number: number): 'new' | 'duplicate' | { readonly gap: number }
}

/**
 * Each node numbers its messages 1, 2, 3, … What was published before this node met the other one is not missing, so
 * any first number will do.
 */
export function createSequence(): Sequence {
  let latest = 0

  return {
    accept(number) {
      if (number <= latest) return 'duplicate'
      const gap = latest === 0 ? 0 : number - latest - 1
      latest = number
      return gap === 0 ? 'new' : { gap }
    },
  }
}
