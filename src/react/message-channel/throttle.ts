/** A function that runs at most once per interval. */
export interface Throttled<Args extends readonly unknown[], Result> {
  /**
   * Runs at once, or when the interval is over. Of the calls that wait only the newest runs, and all of them get its
   * result.
   */
  readonly call: (...args: Args) => Promise<Result>
  /** Runs at once what is waiting. */
  readonly flush: () => void
}

/** The calls that wait: the arguments of the newest one, and the one promise that all of them have got. */
interface Waiting<Args, Result> {
  args: Args
  readonly result: Promise<Result>
  readonly resolve: (result: Promise<Result>) => void
  readonly timer: ReturnType<typeof setTimeout>
}

/**
 * Lets a function run at most once per interval.
 *
 * @param getInterval the interval in milliseconds, read at each run; with 0 every call runs at once.
 */
export function createThrottle<Args extends readonly unknown[], Result>(
  run: (...args: Args) => Promise<Result>,
  getInterval: () => number,
): Throttled<Args, Result> {
  let freeAt = 0
  let waiting: Waiting<Args, Result> | undefined

  const flush = () => {
    if (!waiting) return
    const { args, resolve, timer } = waiting
    clearTimeout(timer)
    waiting = undefined
    freeAt = performance.now() + getInterval()
    resolve(run(...args))
  }

  const startWaiting = (args: Args, ms: number): Waiting<Args, Result> => {
    let resolve!: (result: Promise<Result>) => void
    const result = new Promise<Result>((resolveResult) => {
      resolve = resolveResult
    })
    return { args, result, resolve, timer: setTimeout(flush, ms) }
  }

  const call = (...args: Args) => {
    const ms = freeAt - performance.now()
    waiting ??= startWaiting(args, ms)
    waiting.args = args
    const { result } = waiting
    if (ms <= 0) flush()
    return result
  }

  return { call, flush }
}
