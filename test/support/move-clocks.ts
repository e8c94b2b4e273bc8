import { vi } from 'vitest'

const steadyNow = performance.now.bind(performance)
const wallNow = Date.now

/**
 * From now on both clocks of this process are this much later than they began, and those of a server in it with them.
 * `vi.restoreAllMocks()` puts them right.
 */
export function moveClocks(milliseconds: number): void {
  vi.spyOn(performance, 'now').mockImplementation(() => steadyNow() + milliseconds)
  vi.spyOn(Date, 'now').mockImplementation(() => wallNow() + milliseconds)
}
