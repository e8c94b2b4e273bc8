/** Prints the fault table, and writes it down. */
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { format } from 'prettier'
import { tick } from '../support/faults/clock.ts'
import { SINS, type Tally } from '../support/faults/ledger.ts'
import type { Run } from '../support/faults/stage.ts'
import { type Carrier, type Way, WAYS } from '../support/faults/words.ts'
import { rows } from './rows/index.ts'
import { playAll, plansOf } from './run.ts'

const CARRIERS: Record<Carrier, string> = { websocket: 'websocket', polling: 'long-polling', upgrade: 'both' }
const NAMES: Record<Way, string> = { ours: 'react-online-message', emit: 'plain `emit`', volatile: '`volatile.emit`' }
const COLUMNS: readonly (keyof Tally)[] = ['delivered', ...SINS]

const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`

const versionOf = (name: string): string => {
  const path = new URL(`../../node_modules/${name}/package.json`, import.meta.url)
  return `${name} ${(JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version}`
}

/** One line for each fault and carrier, and one group of columns for each way. */
function markdown(results: readonly Run[], ways: readonly Way[]): string {
  const lines = [
    line(['fault', 'over', ...ways.map((way) => NAMES[way])]),
    line(['---', '---', ...ways.map(() => '---')]),
  ]
  const keys = [...new Set(results.map(({ row, carrier }) => `${row.title}\n${carrier}`))]
  for (const key of keys) {
    const [title, carrier] = key.split('\n') as [string, Carrier]
    const cells = ways.map((way) => {
      const run = results.find(
        (candidate) => candidate.way === way && `${candidate.row.title}\n${candidate.carrier}` === key,
      )
      if (!run) return ''
      const sins = SINS.map((sin) => (run.tally[sin] ? `**${run.tally[sin]}**` : '0')).join(' / ')
      return `${run.tally.delivered} / ${sins}`
    })
    lines.push(line([title, CARRIERS[carrier], ...cells]))
  }
  return lines.join('\n')
}

/**
 * @param only plays the rows whose title contains it, and writes nothing down.
 * @returns whether ours is without fault.
 */
export async function printFaultTable(only?: string, ways: readonly Way[] = WAYS): Promise<boolean> {
  const began = tick()
  const plans = plansOf(
    rows.filter(({ title }) => title.includes(only ?? '')),
    ways,
  )
  const results: Run[] = []
  let isSound = true
  for (const [index, result] of playAll(plans).entries()) {
    const run = await result
    results.push(run)
    const { row, way, carrier, tally, problems, notes, seconds } = run
    const figures = COLUMNS.map((column) => `${column} ${tally[column]}`).join(', ')
    console.error(`${index + 1}/${plans.length} ${row.title}, ${carrier}, ${way}: ${figures} (${seconds.toFixed(1)} s)`)
    for (const note of notes) console.error(`    ${note}`)
    if (way !== 'ours') continue
    for (const problem of problems) console.error(`    PROBLEM: ${problem}`)
    if (problems.length || SINS.some((sin) => tally[sin])) isSound = false
  }

  const table = markdown(results, ways)
  const growths = results
    .filter(({ notes }) => notes.length)
    .map(({ way, carrier, notes }) => `- ${NAMES[way]}, ${CARRIERS[carrier]}: ${notes.join(', ')}`)
  const page = `# The fault table

\`npm run faults\`: real sockets and real faults, the same scenario carried in three ways over the same server. Each cell is
**${COLUMNS.join(' / ')}**; all but the first have to be 0.

- *lost*: sent while both sides were connected and reading, and never handed to the app.
- *late*: handed to the app more than 2,000 ms (and 250 ms for measuring) after it was sent, or after a gap in the
  connection that it was sent before or in. A badge shown that is not true any more counts as one.
- *misdelivered*: handed to a device it was not for: the sender's own, one that came later, a revoked user's.
- *stored*: found in the socket's buffers and queues, the recovery store or the engine's buffers.

${table}

The reader that stops: what it costs its server, and the age of the oldest thing handed to the app.

${growths.join('\n')}

${[versionOf('socket.io'), versionOf('socket.io-client'), versionOf('engine.io'), versionOf('engine.io-client')].join(', ')},
Node ${process.version}, ${cpus().length} cores, ${Math.round((tick() - began) / 1000)} s.
`
  const text = await format(page, { parser: 'markdown', printWidth: 120 })
  console.log(text)
  if (!only) writeFileSync(new URL('../../bench/FAULTS.md', import.meta.url), text)
  return isSound
}
