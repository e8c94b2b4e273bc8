/** Work to be done; a promise when something has to be waited for. */
export type Task = () => unknown

/** Runs the work of one connection in its order, so that different waiting times (for permission, say) reorder nothing. */
export interface TaskQueue {
  /**
   * Runs a task after all those before it, within the call if there are none (T6). False when too many tasks wait
   * already.
   */
  run(task: Task): boolean
  /**
   * Runs a task beside the others: those that were run beside before it are begun, and need not have ended. What is run
   * in order after it waits for it.
   *
   * @param atOnce whether it overtakes what waits in order.
   */
  runBeside(task: Task, atOnce: boolean): boolean
  /** Whether no task runs or waits. */
  isIdle(): boolean
}

interface WaitingTask {
  readonly task: Task
  readonly isBeside: boolean
}

/** @param maxWaiting most tasks that wait: it bounds what one connection can make the server remember. */
export function createTaskQueue(maxWaiting: number): TaskQueue {
  const waiting: WaitingTask[] = []
  /** The tasks that run beside, and have been reached in order. */
  const running = new Set<Promise<unknown>>()
  /** How many tasks of those that wait are to be run beside, and have not begun. */
  let notBegun = 0
  /** Whether a task runs for which all others wait. */
  let isBusy = false

  function runWaiting(): void {
    isBusy = false
    while (waiting.length > 0) {
      const mayRun = waiting[0]?.isBeside === true || running.size === 0
      const next = mayRun ? waiting.shift() : undefined
      if (!next) return
      const pending = next.task()
      if (!(pending instanceof Promise)) continue
      if (next.isBeside) {
        waitBeside(pending)
        continue
      }
      isBusy = true
      void pending.then(runWaiting, runWaiting)
      return
    }
  }

  function waitBeside(pending: Promise<unknown>): void {
    running.add(pending)
    const end = () => {
      running.delete(pending)
      if (!isBusy) runWaiting()
    }
    void pending.then(end, end)
  }

  function add(next: WaitingTask): boolean {
    if (waiting.length >= maxWaiting) return false
    waiting.push(next)
    if (!isBusy) runWaiting()
    return true
  }

  return {
    run: (task) => add({ task, isBeside: false }),
    runBeside(task, atOnce) {
      // Not before one that was to be run beside earlier: to unsubscribe before subscribing would be the opposite.
      if (atOnce && notBegun === 0) {
        const pending = task()
        if (pending instanceof Promise) add({ task: () => pending, isBeside: true })
        return true
      }
      const begin = () => {
        notBegun--
        return task()
      }
      notBegun++
      const isAccepted = add({ task: begin, isBeside: true })
      if (!isAccepted) notBegun--
      return isAccepted
    },
    isIdle: () => !isBusy && waiting.length === 0 && running.size === 0,
  }
}
