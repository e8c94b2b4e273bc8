import { openStage, type RunningStage } from './stage.ts'
import { scenarios } from './scenarios/index.ts'
import type { Scenario } from './scenarios/tools.ts'

export interface RunOptions {
  /** The client under test: a command and its arguments, with `{url}` for the address of the server. */
  readonly command: readonly string[] | undefined
  /** The first scenario has this port, the next one the next. 0 for any that are free. */
  readonly port: number
  /** How many scenarios run at the same time. */
  readonly jobs: number
  readonly onResult: (result: Result) => void
}

export interface Result {
  readonly scenario: Scenario
  readonly seconds: number
  /** What went wrong. */
  readonly problem: string | undefined
}

async function runScenario(scenario: Scenario, port: number, options: RunOptions): Promise<Result> {
  const began = performance.now()
  let stage: RunningStage | undefined
  let problem: string | undefined
  try {
    stage = await openStage({ port, command: options.command })
    await scenario.play(stage)
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error)
  }
  await stage?.close()
  return { scenario, seconds: (performance.now() - began) / 1000, problem }
}

/** Plays all scenarios to the client under test, and resolves with the result of each. */
export async function runConformance(options: RunOptions): Promise<readonly Result[]> {
  const { command, port, jobs, onResult } = options
  const chosen = scenarios.filter(({ needsCommands }) => command !== undefined || !needsCommands)
  const results: Result[] = []
  const left = [...chosen.entries()]

  const work = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [index, scenario] = next
      // Without a program, somebody starts one client after the other, all with the same address.
      const offset = command === undefined ? 0 : index
      const result = await runScenario(scenario, port === 0 ? 0 : port + offset, options)
      results.push(result)
      onResult(result)
    }
  }
  await Promise.all(Array.from({ length: command === undefined ? 1 : jobs }, work))
  return results
}
