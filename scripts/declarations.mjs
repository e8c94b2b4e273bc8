/**
 * The sources import each other as `./name.ts`. TypeScript rewrites that to `.js` in scripts but not in declarations:
 * this does, in every declaration of dist/.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const dist = fileURLToPath(new URL('../dist', import.meta.url))
const specifier = /(\bfrom |\bimport |\bimport\(|\bdeclare module )(['"])(\.{1,2}\/[^'"]+?)\.tsx?\2/g

for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
  if (!file.endsWith('.d.ts')) continue
  const path = join(dist, file)
  writeFileSync(path, readFileSync(path, 'utf8').replace(specifier, '$1$2$3.js$2'))
}
