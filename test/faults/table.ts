/** Prints the fault table, and writes it to bench/FAULTS.md. */
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { format } from 'oxfmt'
import { ENGINES, type EngineName } from '../support/cluster/engines.ts'
import type { ClusterRun } from '../support/faults/cluster-scenario.ts'
import { type Tally, VIOLATIONS } from '../support/faults/ledger.ts'
import type { Run } from '../support/faults/scenario.ts'
import { type SocketTransport, type Way, WAYS } from '../support/faults/types.ts'
import { sharedNow } from '../support/until.ts'
import { clusterPlans, runClusterPlans } from './cluster/run-cluster-plans.ts'
import { rows } from './rows/index.ts'
import { plansOf, runPlans } from './run-plans.ts'

const TRANSPORT_NAMES: Record<SocketTransport, string> = {
  websocket: 'websocket',
  polling: 'long-polling',
  upgrade: 'both',
}
const WAY_NAMES: Record<Way, string> = {
  ours: 'react-online-message',
  emit: 'plain `emit`',
  volatile: '`volatile.emit`',
}
const ENGINE_NAMES: Record<EngineName, string> = {
  adapter: 'adapter',
  redis: 'Redis',
  'redis-cluster': 'Redis Cluster',
  nats: 'NATS',
}
const COLUMNS: readonly (keyof Tally)[] = ['delivered', ...VIOLATIONS]

const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`

const versionOf = (name: string): string => {
  const path = new URL(`../../node_modules/${name}/package.json`, import.meta.url)
  return `${name} ${(JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version}`
}

function cellOf({ tally }: { readonly tally: Tally }): string {
  const violations = VIOLATIONS.map((violation) => (tally[violation] ? `**${tally[violation]}**` : '0'))
  return [tally.delivered, ...violations].join(' / ')
}

/** One line for each fault and transport of Socket.IO, and one column for each way. */
function markdown(runs: readonly Run[], ways: readonly Way[]): string {
  const lines = [
    line(['fault', 'over', ...ways.map((way) => WAY_NAMES[way])]),
    line(['---', '---', ...ways.map(() => '---')]),
  ]
  const keyOf = ({ row, socketTransport }: Run) => `${row.title}, ${socketTransport}`
  const byKey = new Map<string, Run[]>()
  for (const run of runs) byKey.set(keyOf(run), [...(byKey.get(keyOf(run)) ?? []), run])
  for (const sameFault of byKey.values()) {
    const { row, socketTransport } = sameFault[0]!
    const cells = ways.map((way) => {
      const run = sameFault.find((candidate) => candidate.way === way)
      return run ? cellOf(run) : ''
    })
    lines.push(line([row.title, TRANSPORT_NAMES[socketTransport], ...cells]))
  }
  return lines.join('\n')
}

/** One line for each fault of several nodes, and one column for each engine. */
function clusterMarkdown(runs: readonly ClusterRun[]): string {
  const names = ENGINES.map((engineName) => ENGINE_NAMES[engineName])
  const lines = [line(['fault', ...names]), line(['---', ...names.map(() => '---')])]
  for (const row of new Set(runs.map((run) => run.row))) {
    const cells = ENGINES.map((engineName) => {
      const run = runs.find((candidate) => candidate.row === row && candidate.engineName === engineName)
      return run ? cellOf(run) : ''
    })
    lines.push(line([row.title, ...cells]))
  }
  return lines.join('\n')
}

const isFaultlessRun = ({ tally, problems }: Pick<Run, 'tally' | 'problems'>): boolean =>
  problems.length === 0 && VIOLATIONS.every((violation) => tally[violation] === 0)

/** Runs the rows of several nodes, after those of one: both need the machine. */
async function runClusterRows(only: string | undefined): Promise<ClusterRun[]> {
  const plans = clusterPlans.filter(({ row }) => row.title.includes(only ?? ''))
  const runs: ClusterRun[] = []
  for (const result of runClusterPlans(plans)) {
    const run = await result
    runs.push(run)
    const { row, engineName, tally, problems, seconds } = run
    const figures = COLUMNS.map((column) => `${column} ${tally[column]}`).join(', ')
    console.error(`${runs.length}/${plans.length} ${row.title}, ${engineName}: ${figures} (${seconds.toFixed(1)} s)`)
    for (const problem of problems) console.error(`    PROBLEM: ${problem}`)
  }
  return runs
}

/**
 * @param only runs the rows whose title contains it, and writes no file.
 * @returns whether ours has no violation and no problem.
 */
export async function printFaultTable(only?: string, ways: readonly Way[] = WAYS): Promise<boolean> {
  const began = sharedNow()
  const plans = plansOf(
    rows.filter(({ title }) => title.includes(only ?? '')),
    ways,
  )
  const runs: Run[] = []
  let isFaultless = true
  for (const [index, result] of runPlans(plans).entries()) {
    const run = await result
    runs.push(run)
    const { row, way, socketTransport, tally, problems, notes, seconds } = run
    const figures = COLUMNS.map((column) => `${column} ${tally[column]}`).join(', ')
    console.error(
      `${index + 1}/${plans.length} ${row.title}, ${socketTransport}, ${way}: ${figures} (${seconds.toFixed(1)} s)`,
    )
    for (const note of notes) console.error(`    ${note}`)
    if (way !== 'ours') continue
    for (const problem of problems) console.error(`    PROBLEM: ${problem}`)
    if (!isFaultlessRun(run)) isFaultless = false
  }
  const clusterRuns = ways.includes('ours') ? await runClusterRows(only) : []
  if (!clusterRuns.every(isFaultlessRun)) isFaultless = false

  const table = markdown(runs, ways)
  const readerNotes = runs
    .filter(({ notes }) => notes.length)
    .map(
      ({ way, socketTransport, notes }) =>
        `- ${WAY_NAMES[way]}, ${TRANSPORT_NAMES[socketTransport]}: ${notes.join(', ')}`,
    )
  const plainNotes = [...new Set(runs.map(({ row }) => row))].flatMap(({ title, plainWays }) =>
    plainWays === undefined ? [] : [`- *${title}*: ${plainWays}`],
  )
  const page = `# The fault table

\`npm run faults\` injects real faults into real sockets. It runs the same scenario in three ways over the same server. Each
cell is **${COLUMNS.join(' / ')}**; all but the first have to be 0.

- *lost*: sent while both sides were connected and reading, and never delivered to the app.
- *late*: delivered to the app more than 2,000 ms (and 250 ms for measuring) after it was sent, or after a gap in the
  connection that it was sent before or in. A badge that shows a typist who has stopped counts as one.
- *misdelivered*: delivered to a device it was not for: the sender's own, one that connected later, a revoked user's, one
  whose user has logged out.
- *stored*: found in the socket's buffers and queues, the recovery store or the engine's buffers.

${table}

Several nodes, with each bus: the same figures. Somebody sends a message every 50 ms and types, people read on the same node and on another
one. While the engine is away, messages to other nodes may be lost and are not counted as *lost*; those within the node are. Within 3 s after
it is back, messages arrive again and the typists are right; the typists of a node that dies are gone within 8 s. A run that breaks this has a
problem, and the command fails.

${clusterMarkdown(clusterRuns)}

What an app does with plain \`emit\` and \`volatile.emit\` where the scenario alone does not say it:

${plainNotes.join('\n')}

The reader that stops: what it costs its server, and the age of the oldest message delivered to the app.

${readerNotes.join('\n')}

${[versionOf('socket.io'), versionOf('socket.io-client'), versionOf('engine.io'), versionOf('engine.io-client')].join(', ')},
Node ${process.version}, ${cpus().length} cores, ${Math.round((sharedNow() - began) / 1000)} s.
`
  const { code: text } = await format('FAULTS.md', page)
  console.log(text)
  if (!only) writeFileSync(new URL('../../bench/FAULTS.md', import.meta.url), text)
  return isFaultless
}
