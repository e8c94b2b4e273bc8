/** Finds Hermes, the JavaScript engine of React Native, which test/hermes installs: `node scripts/setup.mjs --hermes`. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const programs = { linux: 'linux64-bin/hermes', darwin: 'osx-bin/hermes', win32: 'win64-bin/hermes.exe' }

/** There are programs for these three systems on x64. */
const program = process.arch === 'x64' ? programs[process.platform] : undefined

/** Whether there is a Hermes that this machine can run. */
export const hasHermesForThisMachine = program !== undefined

/** @returns the path of the program, or `undefined` when it is not installed. */
export function findHermes() {
  const path = fileURLToPath(new URL(`../test/hermes/node_modules/hermes-engine-cli/${program}`, import.meta.url))
  return program && existsSync(path) ? path : undefined
}
