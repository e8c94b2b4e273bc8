/**
 * Tools that do not read `exports` look for `react-online-message/server` in a folder `server` of the package: Jest 27,
 * webpack 4, Parcel by default, Metro, TypeScript with `moduleResolution: node10`. `npm pack` makes these folders before it
 * packs, each with a package.json that leads into dist, and takes them away afterwards.
 *
 *   node scripts/entry-folders.mjs make | remove
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const { exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))

const folders = Object.keys(exports)
  .filter((entryPoint) => entryPoint !== '.' && exports[entryPoint].import)
  .map((entryPoint) => entryPoint.replace('./', ''))

const styles = ['styles.css', 'styles.css.d.ts']

function make() {
  for (const folder of folders) {
    const { types, import: esModule, default: commonJs } = exports[`./${folder}`]
    const fields = {
      main: commonJs.replace('./', '../'),
      module: esModule.replace('./', '../'),
      // For Metro, also when it reads `exports`: the nearest package.json counts for it, and this one has none.
      'react-native': esModule.replace('./', '../'),
      types: types.default.replace('./', '../'),
      sideEffects: false,
    }
    mkdirSync(`${root}${folder}`)
    writeFileSync(`${root}${folder}/package.json`, `${JSON.stringify(fields, undefined, 2)}\n`)
  }
  for (const file of styles) copyFileSync(`${root}dist/${file}`, `${root}${file}`)
}

function remove() {
  for (const folder of folders.filter((name) => existsSync(`${root}${name}`))) {
    rmSync(`${root}${folder}/package.json`, { force: true })
    // Fails when there is anything else in it.
    rmdirSync(`${root}${folder}`)
  }
  for (const file of styles) rmSync(`${root}${file}`, { force: true })
}

remove()
if (process.argv[2] === 'make') make()
