import { expect, test, vi } from 'vitest'
import { createThrottle } from '../../../src/react/message-channel/throttle.ts'
import { withFakeClock } from '../../support/react/harness.tsx'

withFakeClock()

/** A throttled function that counts its runs, each of which returns its value and its number. */
function setUp(options: { interval: number }) {
  const runs: string[] = []
  const throttled = createThrottle(
    async (value: string) => {
      runs.push(value)
      return `${value}, run ${runs.length}`
    },
    () => options.interval,
  )
  return { runs, ...throttled }
}

test('the first call runs before it returns', () => {
  const { runs, call } = setUp({ interval: 100 })
  void call('a')
  expect(runs).toEqual(['a'])
  expect(vi.getTimerCount()).toBe(0)
})

test('with an interval of 0 every call runs at once, also several in one task', async () => {
  const { runs, call } = setUp({ interval: 0 })
  const results = [call('a'), call('b'), call('c')]
  expect(runs).toEqual(['a', 'b', 'c'])
  expect(await Promise.all(results)).toEqual(['a, run 1', 'b, run 2', 'c, run 3'])
  expect(vi.getTimerCount()).toBe(0)
})

test('of the calls within an interval the newest runs at its end, and all of them get its result', async () => {
  const { runs, call } = setUp({ interval: 100 })
  const results = [call('a'), call('b'), call('c')]
  vi.advanceTimersByTime(99)
  expect(runs).toEqual(['a'])
  vi.advanceTimersByTime(1)
  expect(runs).toEqual(['a', 'c'])
  expect(await Promise.all(results)).toEqual(['a, run 1', 'c, run 2', 'c, run 2'])
})

test('the calls that wait share one promise and one timer', () => {
  const { call } = setUp({ interval: 100 })
  void call('a')
  expect(call('b')).toBe(call('c'))
  expect(vi.getTimerCount()).toBe(1)
})

test('a delayed run begins an interval of its own', () => {
  const { runs, call } = setUp({ interval: 100 })
  void call('a')
  void call('b')
  vi.advanceTimersByTime(100)
  void call('c')
  vi.advanceTimersByTime(99)
  expect(runs).toEqual(['a', 'b'])
  vi.advanceTimersByTime(1)
  expect(runs).toEqual(['a', 'b', 'c'])
})

test('a call after the interval runs at once', () => {
  const { runs, call } = setUp({ interval: 100 })
  void call('a')
  vi.advanceTimersByTime(100)
  void call('b')
  expect(runs).toEqual(['a', 'b'])
})

test('a call that finds the timer late runs at once, for those that wait too', async () => {
  const { runs, call } = setUp({ interval: 100 })
  void call('a')
  const waiting = call('b')
  // A hidden page runs its timers late.
  vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 100)
  const late = call('c')
  expect(runs).toEqual(['a', 'c'])
  expect(await waiting).toBe('c, run 2')
  expect(await late).toBe('c, run 2')
  expect(vi.getTimerCount()).toBe(0)
})

test('the interval is read at each run', () => {
  const options = { interval: 100 }
  const { runs, call } = setUp(options)
  void call('a')
  options.interval = 10
  void call('b')
  vi.advanceTimersByTime(100)
  void call('c')
  vi.advanceTimersByTime(10)
  expect(runs).toEqual(['a', 'b', 'c'])
})

test('`flush` runs at once what is waiting, and leaves no timer', async () => {
  const { runs, call, flush } = setUp({ interval: 100 })
  void call('a')
  const waiting = call('b')
  flush()
  expect(runs).toEqual(['a', 'b'])
  expect(await waiting).toBe('b, run 2')
  expect(vi.getTimerCount()).toBe(0)
})

test('`flush` does nothing when nothing is waiting', () => {
  const { runs, call, flush } = setUp({ interval: 100 })
  flush()
  void call('a')
  flush()
  expect(runs).toEqual(['a'])
})
