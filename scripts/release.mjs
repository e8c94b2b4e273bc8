/**
 * `npm run release`: publishes the version of package.json. `npm run changeset version` has set that version before, and has
 * written its section of CHANGELOG.md from the files of .changeset/. It runs in .github/workflows/release.yml, because npm
 * attests the provenance of a package only in a build that others can look at.
 *
 * `npm run release -- --dry-run` makes every check and the tarball, says all that is missing, and publishes nothing. It
 * needs no network.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const isDryRun = process.argv.includes('--dry-run')
const { name, version, repository, publishConfig } = JSON.parse(readFileSync(at('package.json'), 'utf8'))

function read(command, ...args) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: at(''), encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stderr}`)
  return stdout.trim()
}

const succeeds = (command, ...args) => spawnSync(command, args, { cwd: at(''), stdio: 'inherit' }).status === 0

const pendingChanges = () => readdirSync(at('.changeset')).filter((file) => file.endsWith('.md'))
const changelog = readFileSync(at('CHANGELOG.md'), 'utf8').split('\n')

/** What has to be true of the commit that is published, and what to do where it is not. */
const conditions = [
  {
    isMet: read('git', 'status', '--porcelain') === '',
    otherwise: 'There are changes that are not committed. Commit them, or undo them.',
  },
  {
    isMet: pendingChanges().length === 0,
    otherwise: `Changes are waiting in .changeset/: ${pendingChanges().join(', ')}. Run \`npm run changeset version\` and commit.`,
  },
  {
    isMet: changelog.includes(`## ${version}`),
    otherwise: `CHANGELOG.md has no section "## ${version}". Run \`npm run changeset version\`, or write it.`,
  },
  {
    isMet: read('git', 'tag', '--list', `v${version}`) === '',
    otherwise: `The tag v${version} exists already. Raise the version with \`npm run changeset version\`.`,
  },
  {
    isMet: publishConfig?.provenance === true && repository !== undefined,
    otherwise:
      'package.json has no "repository". npm needs the public address of the repository to attest the provenance.',
  },
]

const unmet = conditions.filter(({ isMet }) => !isMet).map(({ otherwise }) => otherwise)
for (const problem of unmet) console.error(`✗ ${problem}`)

if (isDryRun) {
  const [{ filename, size, files }] = JSON.parse(
    read('npm', 'pack', '--dry-run', '--json', '--foreground-scripts=false'),
  )
  console.log(`${name} ${version}: ${filename}, ${files.length} files, ${Math.round(size / 1000)} kB`)
  console.log(`dry run: ${unmet.length === 0 ? 'ready to be published' : `missing: ${unmet.length}`}`)
  process.exit(0)
}

if (unmet.length > 0) process.exit(1)
if (!succeeds('npm', 'test')) process.exit(1)
if (!succeeds('npm', 'publish')) process.exit(1)
if (!succeeds('git', 'tag', `v${version}`) || !succeeds('git', 'push', 'origin', `v${version}`)) process.exit(1)
console.log(`Published ${name} ${version}.`)
