import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

const git = (folder: string, ...args: string[]) => {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org']
  expect(spawnSync('git', [...identity, ...args], { cwd: folder }).status).toBe(0)
}

/** A repository of its own, with this release script, that is ready to be published. */
function readyRepository(): string {
  const folder = mkdtempSync(join(tmpdir(), 'release-'))
  folders.push(folder)
  mkdirSync(join(folder, 'scripts'))
  mkdirSync(join(folder, '.changeset'))
  copyFileSync(join(root, 'scripts/release.mjs'), join(folder, 'scripts/release.mjs'))
  writeFileSync(join(folder, '.changeset/config.json'), '{}')
  writeFileSync(join(folder, 'CHANGELOG.md'), '# Changelog\n\n## 1.2.3\n\nWords.\n')
  writePackage(folder, { repository: 'github:example/example', publishConfig: { provenance: true } })
  git(folder, 'init', '--quiet')
  commit(folder)
  return folder
}

const writePackage = (folder: string, fields: object) =>
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'example', version: '1.2.3', ...fields }))

function commit(folder: string): void {
  git(folder, 'add', '--all')
  git(folder, 'commit', '--quiet', '--message', 'Change it')
}

function dryRun(folder: string) {
  const args = [join(folder, 'scripts/release.mjs'), '--dry-run']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return { status, stdout, stderr }
}

describe('npm run release', () => {
  test('a commit that keeps all conditions is ready', () => {
    const { stdout, stderr } = dryRun(readyRepository())
    expect(stderr).toBe('')
    expect(stdout).toContain('ready to be published')
  })

  test.each<[string, (folder: string) => void, string]>([
    ['a change that is not committed', (folder) => writeFileSync(join(folder, 'new.txt'), ''), 'not committed'],
    [
      'a change that no version has yet',
      (folder) => {
        writeFileSync(join(folder, '.changeset/small-fish.md'), "---\n'example': patch\n---\n\nWords.\n")
        commit(folder)
      },
      'small-fish.md',
    ],
    [
      'a version without a section in the changelog',
      (folder) => {
        writeFileSync(join(folder, 'CHANGELOG.md'), '# Changelog\n\n## 1.2.2\n')
        commit(folder)
      },
      'no section "## 1.2.3"',
    ],
    ['a version that was published before', (folder) => git(folder, 'tag', 'v1.2.3'), 'v1.2.3 exists'],
    [
      'a repository without an address',
      (folder) => {
        writePackage(folder, { publishConfig: { provenance: true } })
        commit(folder)
      },
      'no "repository"',
    ],
  ])('%s is named, and what to do', (_, spoil, problem) => {
    const folder = readyRepository()
    spoil(folder)
    const { stdout, stderr } = dryRun(folder)
    expect(stderr).toContain(problem)
    expect(stdout).toContain('missing: 1')
  })

  test('without --dry-run an unmet condition ends it before anything is tested or published', () => {
    const folder = readyRepository()
    git(folder, 'tag', 'v1.2.3')
    const { status, stdout } = spawnSync(process.execPath, [join(folder, 'scripts/release.mjs')], { encoding: 'utf8' })
    expect(status).toBe(1)
    expect(stdout).toBe('')
  })
})
