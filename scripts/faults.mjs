/**
 * `npm run faults`: the fault table, in three ways, printed and written to bench/FAULTS.md. `npm run faults -- sleep ours`
 * runs only the rows with this word in the title, and only these ways (ours, emit, volatile, with commas between).
 */
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const [only, ways] = process.argv.slice(2)
const table = fileURLToPath(new URL('../test/faults/table.ts', import.meta.url))
const { module } = await runnerImport(table, { configFile: false, logLevel: 'error' })
process.exit((await module.printFaultTable(only, ways?.split(','))) ? 0 : 1)
