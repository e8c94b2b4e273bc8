import { expect, test } from 'vitest'
import { createTaskQueue } from '../../../src/server/connections/task-queue.ts'

/** A task that waits until it is finished, and writes down when it starts. */
function slowTask(name: string, started: string[]) {
  const { promise, resolve, reject } = deferred()
  const run = () => {
    started.push(name)
    return promise
  }
  return { run, finish: resolve, fail: reject }
}

function deferred() {
  let resolve!: () => void
  let reject!: (error: Error) => void
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}

const settled = () => new Promise(setImmediate)

test('a task runs within the call when nothing waits', () => {
  const queue = createTaskQueue(10)
  const done: number[] = []
  expect(queue.run(() => done.push(1))).toBe(true)
  expect(queue.run(() => done.push(2))).toBe(true)
  expect(done).toEqual([1, 2])
  expect(queue.isIdle()).toBe(true)
})

test('T6: tasks run one after another, whatever each waits for', async () => {
  const queue = createTaskQueue(10)
  const started: string[] = []
  const [one, two] = [slowTask('one', started), slowTask('two', started)]
  queue.run(one.run)
  queue.run(two.run)
  queue.run(() => started.push('three'))
  expect([started, queue.isIdle()]).toEqual([['one'], false])
  one.finish()
  await settled()
  expect([started, queue.isIdle()]).toEqual([['one', 'two'], false])
  two.finish()
  await settled()
  expect([started, queue.isIdle()]).toEqual([['one', 'two', 'three'], true])
})

test('a task whose promise rejects does not stop the next one', async () => {
  const queue = createTaskQueue(10)
  const started: string[] = []
  const one = slowTask('one', started)
  queue.run(one.run)
  queue.run(() => started.push('two'))
  one.fail(new Error('no'))
  await settled()
  expect([started, queue.isIdle()]).toEqual([['one', 'two'], true])
})

test('at most so many tasks wait; the one that runs is not counted', async () => {
  const queue = createTaskQueue(2)
  const started: string[] = []
  const one = slowTask('one', started)
  expect(queue.run(one.run)).toBe(true)
  expect(queue.run(() => started.push('two'))).toBe(true)
  expect(queue.run(() => started.push('three'))).toBe(true)
  expect(queue.run(() => started.push('refused'))).toBe(false)
  one.finish()
  await settled()
  expect(started).toEqual(['one', 'two', 'three'])
  expect(queue.run(() => started.push('four'))).toBe(true)
})
