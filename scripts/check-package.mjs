/**
 * Checks the package as npm would publish it: packs it, unpacks it beside the programs of test/package, and looks at it with
 * publint, attw, Node itself (`import` and `require` of every entry point), a bundler, two Jests and three TypeScripts.
 */
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const programs = join(root, 'test/package')
// The programs find the package here, and React and the others in node_modules of the root.
const packages = join(programs, 'node_modules')
const { name, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

const fail = (what, output = '') => {
  console.error(`${output}\n✗ ${what}`)
  process.exit(1)
}

const run = (what, command, args, cwd = root) => {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32' && command === 'npm',
  })
  if (status !== 0) fail(what, `${stdout ?? ''}${stderr ?? ''}`)
  console.log(`✓ ${what}`)
  return stdout
}
const node = (what, args, cwd) => run(what, process.execPath, args, cwd)

/** The same, beside others. */
const nodeBeside = (what, args, cwd) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
    child.once('close', (status) => {
      if (status !== 0) fail(what, output)
      console.log(`✓ ${what}`)
      resolve()
    })
  })

/** @param folder where a package is looked for first: it may have a version of its own. */
const bin = (path, folder = root) =>
  [folder, root].map((place) => join(place, 'node_modules', path)).find((file) => existsSync(file))

rmSync(packages, { recursive: true, force: true })
const installed = join(packages, name)
mkdirSync(installed, { recursive: true })

const packed = run('npm pack', 'npm', ['pack', '--json', '--foreground-scripts=false', '--pack-destination', packages])
const [{ filename, files }] = JSON.parse(packed)
const tarball = join(packages, filename)
run('unpacked', 'tar', ['-xzf', tarball, '-C', installed, '--strip-components', '1'])

// The pattern of the entry folders in "files" would take `site/package.json` as well.
const isOfAnotherProject = (path) => /^[\w-]+\/package\.json$/.test(path) && !(`./${dirname(path)}` in exports)
const isTest = (path) => /\.(test|stories)\./.test(path) || path.startsWith('test/')
const stray = files.filter(({ path }) => isTest(path) || isOfAnotherProject(path))
if (stray.length > 0)
  fail(`the package contains ${stray.map(({ path }) => path).join(', ')}: see "files" in package.json`)

node('publint --strict', [bin('publint/src/cli.js'), 'run', tarball, '--strict'])
node('attw, all resolutions', [
  bin('@arethetypeswrong/cli/dist/index.js'),
  tarball,
  '--exclude-entrypoints',
  'styles.css',
])

// Nothing of another package is bundled, so the project's licence is the only one: each script is built from one source.
// Beside them is the bundler's own helper, which a CommonJS file needs for a default import.
const HELPER = 'dist/cjs/_virtual/_rolldown/runtime.js'
const sourceOf = (script) => script.replace(/^dist\/(?:cjs\/)?/, 'src/').replace(/\.js$/, '')
const isBuiltFromSource = (script) =>
  ['.ts', '.tsx'].some((ending) => existsSync(join(root, sourceOf(script) + ending)))
const foreign = files
  .map(({ path }) => path)
  .filter((path) => /^dist\/.*\.js$/.test(path) && path !== HELPER && !isBuiltFromSource(path))
if (foreign.length > 0) fail(`the package contains scripts that are not built from src: ${foreign.join(', ')}`)
if (!files.some(({ path }) => path === 'LICENSE')) fail('the package contains no LICENSE')
console.log('✓ every script is built from a source of its own, and the licence is there')

// Metro reads this field of the nearest package.json: another file than that of `exports` would be a second copy.
for (const [path, target] of Object.entries(exports).filter(([, { import: esModule }]) => esModule)) {
  const manifest = join(installed, path, 'package.json')
  const field = JSON.parse(readFileSync(manifest, 'utf8'))['react-native']
  if (join(dirname(manifest), field ?? '') !== join(installed, target.import))
    fail(`Metro finds another file for ${path}`)
}
console.log('✓ Metro finds the ES modules of every entry point')

const useClient = /^(?:"use strict";\s*)?"use client"/
const isClientFile = (path) => useClient.test(readFileSync(join(installed, path), 'utf8'))
for (const path of files.map((file) => file.path).filter((file) => /^dist\/(?!cjs\/).*\.js$/.test(file))) {
  const commonJs = path.replace('dist/', 'dist/cjs/')
  if (isClientFile(path) !== isClientFile(commonJs)) fail(`"use client" is in one of ${path} and ${commonJs} only`)
}
console.log('✓ "use client" is in the same files of both builds')

/** React Native's own sources are no JavaScript that Node reads: test/react-native loads this one. */
const notForNode = './react-native'
const entries = Object.entries(exports)
  .filter(([path, target]) => target.import && path !== notForNode)
  .map(([path]) => path.replace(/^\./, name))
const requireAll = entries.map((entry) => `require('${entry}')`).join('\n')
const noRequireOfModules = '--no-experimental-require-module'
node('import and require of every entry point: one copy', ['one-copy.mjs', ...entries], programs)
node('require in a Node that requires CommonJS only', [noRequireOfModules, '--eval', requireAll], programs)
node(
  'a required and an imported half in such a Node: one context, one state',
  [noRequireOfModules, 'two-copies.mjs'],
  programs,
)
node('import without TextEncoder and parts of Intl', ['few-globals.mjs', ...entries], programs)

node('a client in a page without a bundler', ['no-process.mjs'], programs)
node('checks for developers, bundled for development and for production', ['development-checks.mjs'], programs)
node('import and require in one bundle: one copy', ['one-bundle.mjs'], programs)

const checkJest = (folder) =>
  nodeBeside(
    `Jest ${folder.replace('jest-', '')}, without configuration`,
    [bin('jest/bin/jest.js', join(programs, folder)), '--ci'],
    join(programs, folder),
  )

/** The programs once as ES modules and once as CommonJS: their package.json says which. */
for (const type of ['module', 'commonjs']) {
  const folder = join(packages, '.cache', type)
  mkdirSync(folder, { recursive: true })
  for (const file of ['app.tsx', 'server.ts', 'typed.ts', 'other-format.ts'])
    cpSync(join(programs, file), join(folder, file))
  for (const resolution of ['node10', 'node16', 'nodenext', 'bundler']) {
    const config = `tsconfig.${resolution}.json`
    cpSync(join(programs, config), join(folder, config))
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type, private: true }))
}
const checkTypes = (version, folder, type, resolution, ...more) =>
  nodeBeside(
    `types, TypeScript ${version}, ${resolution}, ${type}`,
    [bin(`${folder}/bin/tsc`), '-p', `tsconfig.${resolution}.json`, ...more],
    join(packages, '.cache', type),
  )
// Saves 60 % of the time. Each TypeScript looks into the package's declarations in at least one of its runs, but not into
// those that come with TypeScript.
const skip = '--skipLibCheck'
const skipTypeScriptsOwn = '--skipDefaultLibCheck'

// Two at a time.
const later = [
  () => checkJest('jest-29'),
  () => checkJest('jest-30'),
  () => checkTypes('5.9', 'typescript-5.9', 'commonjs', 'node10', skipTypeScriptsOwn),
  () => checkTypes('5.9', 'typescript-5.9', 'commonjs', 'node16', skip),
  () => checkTypes('5.9', 'typescript-5.9', 'module', 'nodenext', skip),
  () => checkTypes('5.9', 'typescript-5.9', 'module', 'bundler', skip),
  // TypeScript 7 has no node10.
  () => checkTypes('6', 'typescript', 'commonjs', 'node10', '--ignoreDeprecations', '6.0', skip),
  () => checkTypes('6', 'typescript', 'commonjs', 'nodenext', skip),
  () => checkTypes('6', 'typescript', 'module', 'nodenext', skipTypeScriptsOwn),
  () => checkTypes('6', 'typescript', 'module', 'bundler', skip),
  () => checkTypes('7', 'typescript-7', 'commonjs', 'nodenext', skip),
  () => checkTypes('7', 'typescript-7', 'module', 'nodenext', skipTypeScriptsOwn),
  () => checkTypes('7', 'typescript-7', 'module', 'bundler', skip),
]
const work = async () => {
  for (let next = later.shift(); next; next = later.shift()) await next()
}
await Promise.all([work(), work()])
