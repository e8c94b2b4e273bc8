import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { findPython } from '../../scripts/python.mjs'
import { startOwnClient, startPlainClient } from './clients.ts'
import { createStepCheck, file, type Observed, play, type Vector, vectors, whereIs } from './vectors.ts'

const titleOf = ({ rule, name }: Vector) => `${rule} (${name})`

test('there are vectors, each with a name of its own', () => {
  expect(vectors.length).toBeGreaterThanOrEqual(40)
  expect(new Set(vectors.map(({ name }) => name)).size).toBe(vectors.length)
})

describe('the client of this package', () => {
  for (const vector of vectors) test(titleOf(vector), () => play(vector, startOwnClient))
})

describe('the client in examples/plain-client', () => {
  for (const vector of vectors) test(titleOf(vector), () => play(vector, startPlainClient))
})

/** A client in Python says only whether it is online. */
interface PythonObserved extends Observed {
  readonly isOnline: boolean
}

const player = fileURLToPath(new URL('play-vectors.py', import.meta.url))

/** Plays all vectors to examples/python-client. Returns what it does at each step, by the name of the vector. */
function playToPython(python: string): ReadonlyMap<string, readonly PythonObserved[]> {
  const { stdout, stderr } = spawnSync(python, ['-B', player, fileURLToPath(file)], { encoding: 'utf8' })
  expect(stderr).toBe('')
  const lines = stdout.trimEnd().split('\n')
  const played = lines.map((line) => JSON.parse(line) as { name: string; observed: PythonObserved[] })
  return new Map(played.map(({ name, observed }) => [name, observed]))
}

/**
 * What the program cannot show. All other vectors apply: it subscribes, receives, sends and types. Its surface is one line for each change
 * of what it shows, so that its state is only online or not online.
 */
const notInPython = new Set([
  // It has no command to disconnect: it disconnects when it ends, and then shows nothing any more.
  'the app disconnects',
])

const python = findPython()
if (python === undefined) {
  test('LEFT OUT, since no Python here has python-socketio: the client in examples/python-client', () => {
    console.warn("examples/python-client was not checked. Install what it needs: pip install 'python-socketio[client]'")
  })
} else {
  describe('the client in examples/python-client', () => {
    let observedByName: ReturnType<typeof playToPython>
    beforeAll(() => {
      observedByName = playToPython(python)
    })

    for (const vector of vectors.filter(({ name }) => !notInPython.has(name))) {
      test(titleOf(vector), () => {
        const checkStep = createStepCheck()
        const observed = observedByName.get(vector.name) ?? []
        expect(observed).toHaveLength(vector.steps.length)
        for (const [index, step] of vector.steps.entries()) {
          const where = whereIs(step, index)
          checkStep(step, observed[index]!, where)
          const state = step.shows?.state
          if (state !== undefined) expect(observed[index]!.isOnline, where).toBe(state === 'online')
        }
      })
    }
  })
}
