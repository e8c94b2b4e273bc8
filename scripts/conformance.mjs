/** `npm run conformance`: bundles the conformance run, and runs it. Its options are in protocol/README.md. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { bundle } from './bundle.mjs'

const program = await bundle(fileURLToPath(new URL('../protocol/conformance/main.ts', import.meta.url)))
const { status } = spawnSync(process.execPath, [program, ...process.argv.slice(2)], { stdio: 'inherit' })
process.exit(status ?? 1)
