/** Work to be done; a promise when something has to be waited for. */
export type Task = () => unknown

/** Runs tasks one after another, so that different waiting times (for permission, say) reorder nothing (T6). */
export interface TaskQueue {
  /** Runs a task after those before it, within the call if there are none. False when too many tasks wait already. */
  run(task: Task): boolean
  /** Whether no task runs or waits. */
  isIdle(): boolean
}

/** @param maxWaiting most tasks that wait: it bounds what one connection can make the server remember. */
export function createTaskQueue(maxWaiting: number): TaskQueue {
  const waiting: Task[] = []
  let isBusy = false

  function runWaiting(): void {
    isBusy = false
    for (let task = waiting.shift(); task; task = waiting.shift()) {
      const pending = task()
      if (pending instanceof Promise) {
        isBusy = true
        void pending.then(runWaiting, runWaiting)
        return
      }
    }
  }

  return {
    run(task) {
      if (waiting.length >= maxWaiting) return false
      waiting.push(task)
      if (!isBusy) runWaiting()
      return true
    },
    isIdle: () => !isBusy && !waiting.length,
  }
}
