import { monitorEventLoopDelay } from 'node:perf_hooks'
import { sleep } from './until.ts'

/** How often the process is asked whether it still runs, in milliseconds. */
const RESOLUTION = 10

/**
 * Watches for moments in which this process stands still, as beside other tests on a busy machine. A test that measures a
 * time adds the longest one to its limit: what is measured is the code, and not the machine.
 *
 * @returns a function that ends the watch, and returns the length of the longest stall in milliseconds.
 */
export function watchStalls(): () => Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION })
  delay.enable()
  return async () => {
    // A stall counts when the process runs again.
    await sleep(2 * RESOLUTION)
    delay.disable()
    return delay.max / 1e6
  }
}
