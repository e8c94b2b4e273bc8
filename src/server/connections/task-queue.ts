/** Runs tasks one after another, so that uneven waiting (for permission, say) reorders nothing (T6). */
export interface TaskQueue {
  /** Runs a task when those before it are done; at once when there are none. False when too many wait already. */
  run(task: () => Promise<unknown> | undefined): boolean
  /** Nothing runs or waits. */
  isIdle(): boolean
}

/** @param limit most tasks that wait: what one connection can make the server remember. */
export function createTaskQueue(limit: number): TaskQueue {
  const waiting: (() => Promise<unknown> | undefined)[] = []
  let busy = false

  const drain = () => {
    busy = false
    for (let task = waiting.shift(); task; task = waiting.shift()) {
      const pending = task()
      if (pending) {
        busy = true
        void pending.then(drain, drain)
        return
      }
    }
  }

  return {
    run(task) {
      if (waiting.length >= limit) return false
      waiting.push(task)
      if (!busy) drain()
      return true
    },
    isIdle: () => !busy && !waiting.length,
  }
}
