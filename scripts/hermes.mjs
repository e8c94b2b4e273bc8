/** Finds Hermes, the JavaScript engine of React Native: `node scripts/setup.mjs --react-native` installs it. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** npm has programs for these three systems on x64. */
const programs = { linux: 'linux64-bin/hermes', darwin: 'osx-bin/hermes', win32: 'win64-bin/hermes.exe' }

/** @returns the path of the program, or `undefined` when it is not installed, or there is none for this machine. */
export function findHermes() {
  const program = process.arch === 'x64' ? programs[process.platform] : undefined
  if (program === undefined) return undefined
  const path = fileURLToPath(new URL(`../test/react-native/node_modules/hermes-engine-cli/${program}`, import.meta.url))
  return existsSync(path) ? path : undefined
}
