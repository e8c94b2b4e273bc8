/**
 * Checks the package as npm would publish it: packs it, unpacks it beside a consumer, and looks at it with publint,
 * attw, Node itself (`import` and `require` of every entry point) and three TypeScripts.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
// Inside node_modules, so that the consumer finds React and the others there.
const consumer = join(root, 'node_modules/.cache/react-online-message/consumer')
const { name, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

const run = (what, command, args, cwd = root) => {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32' && command === 'npm',
  })
  if (status !== 0) {
    console.error(`${stdout ?? ''}${stderr ?? ''}\n✗ ${what}`)
    process.exit(1)
  }
  console.log(`✓ ${what}`)
  return stdout
}
const node = (what, args, cwd) => run(what, process.execPath, args, cwd)
const bin = (path) => join(root, 'node_modules', path)

rmSync(consumer, { recursive: true, force: true })
const installed = join(consumer, 'node_modules', name)
mkdirSync(installed, { recursive: true })

const [{ filename, files }] = JSON.parse(run('npm pack', 'npm', ['pack', '--json', '--pack-destination', consumer]))
const tarball = join(consumer, filename)
run('unpacked', 'tar', ['-xzf', tarball, '-C', installed, '--strip-components', '1'])

const stray = files.filter(({ path }) => /\.(test|stories)\./.test(path) || path.startsWith('test/'))
if (stray.length > 0) {
  console.error(`✗ the package contains ${stray.map(({ path }) => path).join(', ')}: see "files" in package.json`)
  process.exit(1)
}

node('publint --strict', [bin('publint/src/cli.js'), 'run', tarball, '--strict'])
node('attw', [
  bin('@arethetypeswrong/cli/dist/index.js'),
  tarball,
  '--profile',
  'esm-only',
  '--exclude-entrypoints',
  'styles.css',
])

const entries = Object.entries(exports)
  .filter(([, target]) => typeof target === 'object')
  .map(([path]) => path.replace(/^\./, name))
const importAll = entries.map((entry) => `await import('${entry}')`).join('\n')
const requireAll = entries.map((entry) => `require('${entry}')`).join('\n')
node('every entry point can be imported in plain Node', ['--input-type=module', '--eval', importAll], consumer)
node(
  'and required',
  ['--no-warnings', '--experimental-require-module', '--input-type=commonjs', '--eval', requireAll],
  consumer,
)

cpSync(join(root, 'test/package'), consumer, { recursive: true })
writeFileSync(join(consumer, 'package.json'), JSON.stringify({ type: 'module', private: true }))
for (const [version, folder, resolution] of [
  ['5.9', 'typescript-5.9', 'nodenext'],
  ['6', 'typescript', 'nodenext'],
  ['6', 'typescript', 'bundler'],
  ['7', 'typescript-7', 'nodenext'],
])
  node(
    `types, TypeScript ${version}, ${resolution}`,
    [bin(`${folder}/bin/tsc`), '-p', `tsconfig.${resolution}.json`],
    consumer,
  )
