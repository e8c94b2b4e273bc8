import type { SendFailure } from '../../core/message/send-result.ts'
import { aborted } from '../../core/transport/aborted.ts'

/** Callbacks that wait for one outcome, in the order of their calls (T6). */
export interface WaitingCalls<Outcome> {
  isEmpty(): boolean
  /** @param signal when it is aborted before the outcome is there, the callback gets `aborted` at once. */
  add(callback: (outcome: Outcome | SendFailure) => void, signal: AbortSignal | undefined): void
  /** Calls back everything that waits. */
  finish(outcome: Outcome | SendFailure): void
}

export function createWaitingCalls<Outcome>(): WaitingCalls<Outcome> {
  const waiting = new Set<(outcome: Outcome | SendFailure) => void>()

  return {
    isEmpty: () => waiting.size === 0,
    add(callback, signal) {
      const proceed = (outcome: Outcome | SendFailure) => {
        signal?.removeEventListener('abort', abort)
        callback(outcome)
      }
      const abort = () => {
        waiting.delete(proceed)
        proceed(aborted)
      }
      signal?.addEventListener('abort', abort)
      waiting.add(proceed)
    },
    finish(outcome) {
      // A set also iterates over what is added meanwhile: that has to wait its turn, too.
      for (const proceed of waiting) {
        waiting.delete(proceed)
        proceed(outcome)
      }
    },
  }
}
