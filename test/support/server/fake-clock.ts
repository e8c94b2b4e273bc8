import { vi } from 'vitest'
import { allQuiet, atEnd, type TestClient } from './harness.ts'

/** In fake time a client would miss the server's pings, which are in real time. */
export const NO_PING = { pingInterval: 3_600_000 }

/**
 * Our timers and clocks, on the server and in all its clients, stand still until the function it returns moves them, in
 * steps that are short enough for the packets of each to be read before the next. Sockets stay real.
 */
export function fakeClock(): (milliseconds: number, ...clients: readonly TestClient[]) => Promise<void> {
  // What is due at once is done at once: long-polling waits with such timers.
  const pump = setInterval(() => vi.advanceTimersByTime(0), 1)
  const { clearInterval } = globalThis
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  })
  atEnd(() => {
    clearInterval(pump)
    vi.useRealTimers()
  })
  return async (milliseconds, ...clients) => {
    for (let left = milliseconds; left > 0; left -= 250) {
      vi.advanceTimersByTime(Math.min(250, left))
      await allQuiet(...clients)
    }
  }
}
