/**
 * `npm run conformance -- --port 4000 [--jobs 8] [-- command …]`: plays every scenario to a client, and ends with a table.
 * The exit code is 0 if the client passed all of them.
 */
import { runConformance } from './run.ts'
import { scenarios } from './scenarios/index.ts'

interface Arguments {
  readonly port: number
  readonly jobs: number
  readonly command: readonly string[] | undefined
}

function readArguments(args: readonly string[]): Arguments {
  let port = 0
  let jobs = 8
  for (let index = 0; index < args.length; index += 2) {
    const [name, value] = args.slice(index)
    if (name === '--port') port = Number(value)
    else if (name === '--jobs') jobs = Number(value)
    else return { port, jobs, command: args.slice(name === '--' ? index + 1 : index) }
  }
  return { port, jobs, command: undefined }
}

const { port, jobs, command } = readArguments(process.argv.slice(2))
if (!Number.isInteger(port) || !(jobs >= 1) || (command === undefined && port === 0)) {
  console.error('Give --port and a number, and the command that starts your client: -- python3 my_client.py {url}')
  process.exit(2)
}
if (command === undefined) {
  console.log(
    `Connect your client to http://127.0.0.1:${port}. After each scenario, the server ends: connect it again.`,
  )
}

const results = await runConformance({
  port,
  jobs,
  command,
  onResult({ scenario, seconds, problem }) {
    console.log(`${problem === undefined ? 'ok    ' : 'FAILED'} ${seconds.toFixed(1).padStart(5)} s  ${scenario.name}`)
    if (problem !== undefined) console.log(`       ${scenario.rules}\n       ${problem.replaceAll('\n', '\n       ')}`)
  },
})
const passed = results.filter(({ problem }) => problem === undefined).length
const leftOut = scenarios.length - results.length
console.log(
  `${passed} of ${results.length} passed${leftOut > 0 ? `, ${leftOut} need a command and were left out` : ''}.`,
)
process.exit(passed === results.length ? 0 : 1)
