/** However a program loads the package, there is one copy of it: one React context, one list of attached namespaces. */
import { strictEqual } from 'node:assert'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

for (const entryPoint of process.argv.slice(2)) {
  const imported = await import(entryPoint)
  const required = require(entryPoint)
  for (const name of Object.keys(imported)) strictEqual(required[name], imported[name], `${entryPoint}: ${name}`)
}
