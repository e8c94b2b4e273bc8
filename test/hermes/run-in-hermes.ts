import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build, type Rolldown } from 'vite'
import { findHermes } from '../../scripts/hermes.mjs'

/** The packages of an app of React Native. */
const app = createRequire(new URL('../react-native/package.json', import.meta.url))

interface Babel {
  transformSync(code: string, options: object): { readonly code: string }
}

/** Bundles a program as an app of React Native is: one script, compiled by React Native's Babel preset for Hermes. */
async function compile(entry: string): Promise<string> {
  const { output } = (await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      write: false,
      minify: false,
      target: 'es2020',
      rolldownOptions: { input: entry, output: { format: 'iife' } },
    },
  })) as Rolldown.RolldownOutput

  const presetOptions = { unstable_transformProfile: 'hermes-stable', enableBabelRuntime: false, dev: false }
  const babel = app('@babel/core') as Babel
  return babel.transformSync(output[0].code, {
    babelrc: false,
    configFile: false,
    compact: false,
    filename: entry.replace(/\.ts$/, '.js'),
    presets: [[app.resolve('@react-native/babel-preset'), presetOptions]],
  }).code
}

/** Runs a TypeScript program in Hermes and returns the lines that it printed. */
export async function runInHermes(entry: string): Promise<string[]> {
  const hermes = findHermes()
  if (!hermes) throw new Error('Hermes is not installed. Install it: node scripts/setup.mjs --react-native')

  const folder = mkdtempSync(join(tmpdir(), 'hermes-'))
  try {
    const script = join(folder, 'program.js')
    writeFileSync(script, await compile(entry))
    const { stdout } = await promisify(execFile)(hermes, ['-w', script], { maxBuffer: 64 * 1024 * 1024 })
    return stdout.split('\n').filter(Boolean)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
