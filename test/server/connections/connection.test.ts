import type { Socket } from 'socket.io'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  createConnection,
  createConnectionLimits,
  enqueue,
  enqueueBeside,
} from '../../../src/server/connections/connection.ts'
import type { Device } from '../../../src/server/model.ts'
import { readOptions } from '../../../src/server/options.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const connect = () => createConnection({} as unknown as Socket)
const never = () => new Promise<never>(() => {})

describe('the tasks of a connection', () => {
  test('a connection on which nothing waits has no queue', async () => {
    const connection = connect()
    expect([enqueue(connection, () => 'done'), connection.queue]).toEqual([true, undefined])
    expect([enqueueBeside(connection, () => 'done'), connection.queue]).toEqual([true, undefined])

    let answer = () => {}
    enqueue(connection, () => new Promise<void>((resolve) => (answer = resolve)))
    expect(connection.queue).toBeDefined()
    answer()
    await vi.advanceTimersByTimeAsync(0)
    enqueueBeside(connection, () => 'done')
    expect(connection.queue).toBeUndefined()
  })

  test.each([
    ['in order', enqueue],
    ['beside the others', enqueueBeside],
  ])('T6: what is enqueued after a task %s waits for it', (_, enqueueFirst) => {
    const connection = connect()
    const task = vi.fn()
    enqueueFirst(connection, never)
    enqueue(connection, task)
    expect(task).not.toHaveBeenCalled()
  })

  test('a task beside the others overtakes them once the user is known, and not before', () => {
    for (const device of [undefined, {} as Device]) {
      const connection = connect()
      connection.device = device
      const task = vi.fn()
      enqueue(connection, never)
      enqueueBeside(connection, task)
      expect(task).toHaveBeenCalledTimes(device ? 1 : 0)
    }
  })

  test('at most 1000 wait, of whichever kind', () => {
    const connection = connect()
    enqueue(connection, never)
    for (let n = 0; n < 500; n++) {
      expect(enqueue(connection, never)).toBe(true)
      expect(enqueueBeside(connection, never)).toBe(true)
    }
    expect([enqueue(connection, never), enqueueBeside(connection, never)]).toEqual([false, false])
  })
})

describe('the limits of a connection', () => {
  const limits = createConnectionLimits(
    readOptions({ identify: () => null, authorize: 'anyone', rateLimits: { perConnection: 5 } }),
  )
  /** How many of many are allowed now. */
  const allowed = (take: () => boolean) => Array.from({ length: 3000 }, take).filter((isAllowed) => isAllowed).length

  test('messages: twice as many as a second’s at once, and a second’s after a second', () => {
    const connection = connect()
    const takeMessage = () => limits.takeMessage(connection, 'high')
    expect(allowed(takeMessage)).toBe(10)
    vi.advanceTimersByTime(1000)
    expect(allowed(takeMessage)).toBe(5)
  })

  test('messages: low ones get half of it, normal ones eight tenths', () => {
    const [one, other] = [connect(), connect()]
    expect(allowed(() => limits.takeMessage(one, 'low'))).toBe(5)
    expect(allowed(() => limits.takeMessage(other, 'normal'))).toBe(8)
  })

  test('subscriptions: 2000 at once, and 1000 after a second; messages take nothing from them', () => {
    const connection = connect()
    allowed(() => limits.takeMessage(connection, 'high'))
    expect(allowed(() => limits.takeSubscription(connection))).toBe(2000)
    vi.advanceTimersByTime(1000)
    expect(allowed(() => limits.takeSubscription(connection))).toBe(1000)
  })
})
