/** A page that shows a file of examples/ shows it as it is. There it is compiled, and run by a test of its own. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { readPages, root } from './pages.ts'
import { sources } from './sources.ts'

const entryPointOf = new Map([...sources].map(([name, source]) => [join(source), name]))

/** A file of examples/ imports the sources. An app imports the package. */
function asInApp(file: string): string {
  const code = readFileSync(join(root, file), 'utf8')
  return code.replace(/from '(\.[^']+)'/g, (whole, path: string) => {
    const entryPoint = entryPointOf.get(join(root, dirname(file), path))
    return entryPoint === undefined ? whole : `from '${entryPoint}'`
  })
}

const shown = readPages().flatMap(({ path, examples }) => examples.map((example) => ({ page: path, ...example })))

test('there are such pages', () => {
  expect(new Set(shown.map(({ page }) => page))).toEqual(
    new Set(['docs/frameworks.md', 'docs/servers.md', 'docs/your-chat.md']),
  )
})

test.each(shown)('$page shows $file as it is', ({ file, code }) => {
  expect(code.trim()).toBe(asInApp(file).trim())
})
