import { existsSync, readFileSync } from 'node:fs'
import { root } from './pages.ts'

const { exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { exports: Record<string, unknown> }

/** Where the sources of an entry point may be: `./socket.io` is made from src/transports/socket-io. */
function sourceOf(entry: string): string {
  const name = entry === '.' ? 'index' : entry.slice('./'.length).replace('.', '-')
  const places = [`${name}.ts`, `${name}/index.ts`, `transports/${name}.ts`, `transports/${name}/index.ts`]
  const source = places.map((place) => `${root}src/${place}`).find((file) => existsSync(file))
  if (source === undefined) throw new Error(`The sources of ${entry} are in none of ${places.join(', ')}.`)
  return source
}

/**
 * The package's own names, as an app imports them, and the sources they are made from: what is on a page is compiled and
 * run against those, so that nothing has to be built first.
 */
export const sources: ReadonlyMap<string, string> = new Map(
  Object.keys(exports)
    .filter((entry) => !/\.(css|json)$/.test(entry))
    .map((entry) => [`react-online-message${entry.slice('.'.length)}`, sourceOf(entry)]),
)
