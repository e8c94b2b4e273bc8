/** The package as npm would publish it: installed in a project, or in place of the sources that some examples import. */
import { cpSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Plugin } from 'vite'
import type * as ServerModule from '../../src/server/index.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const sources = join(root, 'src')

/** What `node scripts/check-package.mjs` unpacked from the tarball. */
export const packed: string = join(root, 'test/package/node_modules/react-online-message')

/** A file beside which it is installed. Vite wants one that exists. */
const besidePacked = join(root, 'test/package/package.json')

function checkThatItIsThere(): void {
  if (!existsSync(packed)) throw new Error('Run `npm run build` and `node scripts/check-package.mjs` first.')
}

/** Puts the library into a project as npm would install it. */
export function installPackedLibrary(project: string): void {
  checkThatItIsThere()
  const installed = join(project, 'node_modules/react-online-message')
  rmSync(installed, { recursive: true, force: true })
  cpSync(packed, installed, { recursive: true })
}

/** @param path of an entry point in src, as `/server/index.ts` */
function nameOf(path: string): string {
  if (path.endsWith('/styles.css')) return 'react-online-message/styles.css'
  const entryPoint = path.replace('/transports', '').replace('/socket-io', '/socket.io').replace('/index.ts', '')
  return `react-online-message${entryPoint}`
}

export interface PackedLibrary {
  /** Gives to whoever imports a source of the library the file of the package, by the name that a reader writes. */
  readonly plugin: Plugin
  /** What was imported, under the names of the package's entry points, with the files that were given. */
  readonly imported: ReadonlyMap<string, string | undefined>
}

export function usePackedLibrary(): PackedLibrary {
  checkThatItIsThere()
  const imported = new Map<string, string | undefined>()
  const plugin: Plugin = {
    name: 'packed-library',
    enforce: 'pre',
    async resolveId(source, importer) {
      const resolved = await this.resolve(source, importer, { skipSelf: true })
      const [path = ''] = resolved?.id.split('?') ?? []
      if (!path.startsWith(sources)) return resolved
      const name = nameOf(path.slice(sources.length))
      const inPackage = await this.resolve(name, besidePacked, { skipSelf: true })
      imported.set(name, inPackage?.id)
      return inPackage
    },
  }
  return { plugin, imported }
}

/** The server's entry point of the package. */
export async function importPackedServer(): Promise<typeof ServerModule> {
  checkThatItIsThere()
  return (await import(pathToFileURL(join(packed, 'dist/server/index.js')).href)) as typeof ServerModule
}
