import { createTypingSender, type TypingSender, type TypingSenderOptions } from '../../src/core/typing/typing-sender.ts'

/** One typing session after another: the first key or activity after the end of one begins the next. */
export function typingSessions(options: TypingSenderOptions): TypingSender {
  let current: TypingSender | undefined
  const session = () =>
    (current ??= createTypingSender({
      ...options,
      onEnd() {
        current = undefined
        options.onEnd()
      },
    }))
  return {
    keystroke: (readText) => session().keystroke(readText),
    startActivity: (activity) => session().startActivity(activity),
    stop: () => current?.stop(),
  }
}
