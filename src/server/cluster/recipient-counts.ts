/** How long the nodes that received a message have to count their devices, in milliseconds. */
const COUNT_TIMEOUT = 500

/** How long answers are waited for where the engine does not say how many nodes will answer, in milliseconds. */
const UNKNOWN_COUNT_TIMEOUT = 200

/** Counts the devices of other nodes that receive a message (`countRecipients`). */
export interface RecipientCounts {
  /** @returns the number under which the other nodes answer. */
  begin(): number
  /**
   * Waits for the answers of the other nodes.
   *
   * @param nodes how many received the message; `undefined` if the engine does not say so.
   * @returns the sum of the answers that arrive in time.
   */
  wait(id: number, nodes: number | undefined): Promise<number>
  /** A node has counted. */
  add(id: number, recipients: number): void
}

interface Count {
  recipients: number
  answers: number
  /** How many nodes will answer, as far as is known. */
  expected: number
  finish: () => void
}

export function createRecipientCounts(): RecipientCounts {
  const counts = new Map<number, Count>()
  let latestId = 0

  return {
    begin() {
      latestId++
      counts.set(latestId, { recipients: 0, answers: 0, expected: Infinity, finish: () => {} })
      return latestId
    },
    wait(id, nodes) {
      const count = counts.get(id)
      if (!count) return Promise.resolve(0)
      count.expected = nodes ?? Infinity
      return new Promise((resolve) => {
        count.finish = () => {
          clearTimeout(timer)
          counts.delete(id)
          resolve(count.recipients)
        }
        const timeout = nodes === undefined ? UNKNOWN_COUNT_TIMEOUT : COUNT_TIMEOUT
        const timer = setTimeout(count.finish, timeout).unref()
        if (count.answers >= count.expected) count.finish()
      })
    },
    add(id, recipients) {
      const count = counts.get(id)
      if (!count) return
      count.recipients += recipients
      count.answers++
      if (count.answers >= count.expected) count.finish()
    },
  }
}
