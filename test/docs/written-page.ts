import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readPage, root } from './pages.ts'
import { sources } from './sources.ts'

const folders: string[] = []

/** Removes what was written. For `afterAll`. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
}

/**
 * Writes the code of a page into a folder of its own, beside the packages that an app has installed.
 *
 * @param change is given the code of each file, to put another port into it, say.
 * @returns where a file of the page is.
 */
export function writePage(path: string, change: (code: string) => string = (code) => code): (file: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'page-'))
  folders.push(folder)
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'tsconfig.json'), '{ "compilerOptions": { "jsx": "react-jsx" } }')
  for (const { file, code } of readPage(path).blocks) {
    if (/\.(tsx?|mjs)$/.test(file)) writeFileSync(join(folder, nameOnDisk(file)), change(againstSources(code)))
  }
  return (file) => join(folder, nameOnDisk(file))
}

/** vitest leaves `.mjs` to Node, which cannot import the sources. */
const nameOnDisk = (file: string) => file.replace(/\.mjs$/, '.js')

function againstSources(code: string): string {
  return code.replace(/from '([^']+)'/g, (whole, name: string) => {
    const source = sources.get(name)
    if (source !== undefined) return `from '${source}'`
    return whole.replace(/\.mjs'$/, ".js'")
  })
}
