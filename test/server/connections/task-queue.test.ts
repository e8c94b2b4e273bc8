import { expect, test } from 'vitest'
import { createTaskQueue } from '../../../src/server/connections/task-queue.ts'
import { laterAnswer } from '../../support/later-answer.ts'

/** A task that waits until it is finished, and writes down when it starts. */
function slowTask(name: string, started: string[]) {
  const { answer, resolve, reject } = laterAnswer()
  const run = () => {
    started.push(name)
    return answer
  }
  return { run, finish: () => resolve(undefined), fail: reject }
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

test('what is run beside waits for nothing, and what is run in order waits for what was run beside before it (T6)', async () => {
  const queue = createTaskQueue(10)
  const started: string[] = []
  const [message, one, two] = [slowTask('message', started), slowTask('one', started), slowTask('two', started)]
  queue.run(message.run)
  queue.run(() => started.push('message before'))
  queue.runBeside(one.run, true)
  queue.runBeside(two.run, true)
  queue.run(() => started.push('message behind'))
  queue.runBeside(() => started.push('at once'), true)
  expect(started).toEqual(['message', 'one', 'two', 'at once'])
  message.finish()
  await settled()
  expect(started.slice(4)).toEqual(['message before'])
  one.finish()
  await settled()
  expect(started.slice(5)).toEqual([])
  two.fail(new Error('no'))
  await settled()
  expect([started.slice(5), queue.isIdle()]).toEqual([['message behind'], true])
})

test('what is run beside, and not at once, begins in its order, without waiting for the others that run beside', async () => {
  const queue = createTaskQueue(10)
  const started: string[] = []
  const [first, one, two] = [slowTask('first', started), slowTask('one', started), slowTask('two', started)]
  queue.run(first.run)
  queue.runBeside(one.run, false)
  queue.runBeside(two.run, false)
  // Never before those that were to be run beside earlier.
  queue.runBeside(() => started.push('three'), true)
  expect(started).toEqual(['first'])
  first.finish()
  await settled()
  expect(started).toEqual(['first', 'one', 'two', 'three'])
  queue.runBeside(() => started.push('four'), true)
  expect([started.at(-1), queue.isIdle()]).toEqual(['four', false])
  one.finish()
  two.finish()
  await settled()
  expect(queue.isIdle()).toBe(true)
})

test('at most so many tasks wait to be run beside', () => {
  const queue = createTaskQueue(2)
  const started: string[] = []
  queue.run(slowTask('first', started).run)
  for (const name of ['one', 'two']) expect(queue.runBeside(() => started.push(name), false)).toBe(true)
  expect(queue.runBeside(() => started.push('refused'), false)).toBe(false)
  expect(started).toEqual(['first'])
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

test('what runs beside at once holds up what is run in order after it, and nothing that runs beside', async () => {
  const queue = createTaskQueue(10)
  const started: string[] = []
  const [one, two] = [slowTask('one', started), slowTask('two', started)]
  expect(queue.runBeside(one.run, true)).toBe(true)
  expect(queue.runBeside(two.run, false)).toBe(true)
  queue.run(() => started.push('three'))
  expect(started).toEqual(['one', 'two'])
  one.finish()
  await settled()
  expect(started).toEqual(['one', 'two'])
  two.finish()
  await settled()
  expect([started, queue.isIdle()]).toEqual([['one', 'two', 'three'], true])
})

test('at once overtakes what waits in order, but nothing that is to be run beside and has not begun', async () => {
  const queue = createTaskQueue(10)
  const started: string[] = []
  const busy = slowTask('busy', started)
  queue.run(busy.run)
  queue.run(() => started.push('in order'))
  queue.runBeside(() => started.push('beside'), false)
  queue.runBeside(() => started.push('behind it'), true)
  expect(started).toEqual(['busy'])
  busy.finish()
  await settled()
  expect(started).toEqual(['busy', 'in order', 'beside', 'behind it'])

  const again = slowTask('busy again', started)
  queue.run(again.run)
  queue.runBeside(() => started.push('at once'), true)
  expect(started.slice(4)).toEqual(['busy again', 'at once'])
  again.finish()
})

test('a task that was refused, since too many wait, holds up nothing that is to run at once', () => {
  const queue = createTaskQueue(1)
  const started: string[] = []
  queue.run(slowTask('busy', started).run)
  queue.run(() => started.push('waits'))
  expect(queue.runBeside(() => started.push('refused'), false)).toBe(false)
  expect(queue.runBeside(() => started.push('at once'), true)).toBe(true)
  expect(started).toEqual(['busy', 'at once'])
})

test('a queue in which a task runs is not idle, although nothing waits', async () => {
  const queue = createTaskQueue(10)
  const busy = slowTask('busy', [])
  queue.run(busy.run)
  expect(queue.isIdle()).toBe(false)
  busy.finish()
  await settled()
  expect(queue.isIdle()).toBe(true)
})
