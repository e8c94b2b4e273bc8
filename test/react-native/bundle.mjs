/**
 * Bundles a program as Metro does for a release on Android, and compiles it to the bytecode of Hermes.
 *
 *   node bundle.mjs PROJECT PROGRAM OUTPUT
 *
 * PROJECT is a folder with a metro.config.js that finds its packages here. It writes OUTPUT.js and OUTPUT.hbc.
 */
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const packages = fileURLToPath(new URL('node_modules', import.meta.url))
const require = createRequire(import.meta.url)
const Metro = createRequire(require.resolve('@react-native/metro-config'))('metro')

const [project, program, output] = process.argv.slice(2)
const config = Metro.mergeConfig(require(resolve(project, 'metro.config.js')), {
  watchFolders: [resolve(project), packages],
  resolver: { useWatchman: false },
  maxWorkers: 2,
  reporter: { update: () => undefined },
})
const entry = resolve(project, program)
await Metro.runBuild(config, { entry, platform: 'android', dev: false, minify: false, out: `${output}.js` })

const compilers = { linux: 'linux64-bin/hermesc', darwin: 'osx-bin/hermesc', win32: 'win64-bin/hermesc.exe' }
const hermesc = join(packages, 'hermes-compiler/hermesc', compilers[process.platform])
execFileSync(hermesc, ['-w', '-O', '-emit-binary', '-out', `${output}.hbc`, `${output}.js`])
