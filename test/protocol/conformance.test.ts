import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type Result, runConformance } from '../../protocol/conformance/run.ts'
import { scenarios } from '../../protocol/conformance/scenarios/index.ts'
import { bundle } from '../../scripts/bundle.mjs'
import { findPython } from '../../scripts/python.mjs'

const path = (name: string) => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url))

const plainClient = [process.execPath, '--experimental-websocket', '--no-warnings', path('plain-client/terminal.mjs')]

/** The longest scenario takes 12 s, and some wait for others: a machine may be busy. */
const TIMEOUT = 60_000

const run = (command: readonly string[]) =>
  runConformance({ command: [...command, '{url}', '--user', 'bob'], port: 0, jobs: 10, onResult: () => {} })

const problems = (results: readonly Result[]) =>
  results.filter(({ problem }) => problem !== undefined).map(({ scenario, problem }) => `${scenario.name}: ${problem}`)

describe.concurrent('a client passes the conformance run', () => {
  test('the client of this package', { timeout: TIMEOUT }, async () => {
    const program = await bundle(fileURLToPath(new URL('own-client.ts', import.meta.url)))
    const results = await run([process.execPath, program, '--to', 'ann'])
    expect(problems(results)).toEqual([])
    expect(results).toHaveLength(scenarios.length)
  })

  test('in plain JavaScript, without any library', { timeout: TIMEOUT }, async () => {
    const results = await run([...plainClient, '--to', 'ann'])
    expect(problems(results)).toEqual([])
    expect(results).toHaveLength(scenarios.length)
  })

  const python = findPython()
  if (python === undefined) {
    test('LEFT OUT, since no Python here has python-socketio: in Python', () => {
      console.warn(
        "examples/python-client was not checked. Install what it needs: pip install 'python-socketio[client]'",
      )
    })
  } else {
    test('in Python', { timeout: TIMEOUT }, async () => {
      const results = await run([python, '-B', path('python-client/typing_client.py'), '--json', '--to', 'ann'])
      expect(problems(results)).toEqual([])
      expect(results).toHaveLength(scenarios.length)
    })
  }
})

test('the conformance run says what is wrong with a client', { timeout: TIMEOUT }, async () => {
  const results = await run([...plainClient, '--group', 'another-conversation'])
  const problem = results.find(({ scenario }) => scenario.name === 'a session of typing')?.problem
  expect(problem).toContain('The client has to subscribe to [{"user":"ann"}]')
})
