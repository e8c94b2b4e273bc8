import { createTypingSender, type TypingSender, type TypingSenderOptions } from '../../src/core/typing/typing-sender.ts'
import type { Activity } from '../../src/core/index.ts'

/** What one handle does with the sessions of its conversation. */
export interface SessionHandle {
  keystroke(readText?: () => string): void
  startActivity(activity: Activity): () => void
  stop(): void
}

/**
 * One typing session after another: the first key or activity after the end of one begins the next. The function that it
 * returns makes handles, which share the sessions.
 */
export function typingSessions(options: TypingSenderOptions): () => SessionHandle {
  let current: TypingSender | undefined
  const session = () =>
    (current ??= createTypingSender({
      ...options,
      onEnd() {
        current = undefined
        options.onEnd()
      },
    }))
  return () => {
    const handle: SessionHandle = {
      keystroke: (readText) => session().keystroke(handle, readText),
      startActivity: (activity) => session().startActivity(handle, activity),
      stop: () => current?.stop(handle),
    }
    return handle
  }
}
