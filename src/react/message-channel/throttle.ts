/**
 * Lets one call through per interval.
 *
 * @param interval in milliseconds, asked at each run; 0 lets everything through.
 * @returns `call` runs at once or when the interval is over: of those that wait the newest runs, and all get its result.
 * And `flush`, which runs now what is waiting, if anything is.
 */
export function createThrottle<Args extends readonly unknown[], Result>(
  run: (...args: Args) => Promise<Result>,
  interval: () => number,
): readonly [call: (...args: Args) => Promise<Result>, flush: () => void] {
  let freeAt = 0
  let newest: Args
  let waiting: Promise<Result> | undefined
  let settle: (result: Promise<Result>) => void
  let timer: ReturnType<typeof setTimeout>

  const flush = () => {
    if (!waiting) return
    clearTimeout(timer)
    waiting = undefined
    freeAt = performance.now() + interval()
    settle(run(...newest))
  }
  return [
    (...args) => {
      newest = args
      const wait = freeAt - performance.now()
      const result = (waiting ??= new Promise((resolve) => {
        settle = resolve
        timer = setTimeout(flush, wait)
      }))
      if (wait <= 0) flush()
      return result
    },
    flush,
  ]
}
