/** `npm run bench:…`: bundles a benchmark and runs it in a process of its own, as an app's server would run. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { bundle } from './bundle.mjs'

const program = await bundle(fileURLToPath(new URL(`../bench/${process.argv[2]}.ts`, import.meta.url)))
const { status } = spawnSync(process.execPath, ['--expose-gc', program, ...process.argv.slice(3)], { stdio: 'inherit' })
process.exit(status ?? 1)
