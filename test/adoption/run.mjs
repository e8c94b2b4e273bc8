/** `node test/adoption/run.mjs mern after`: starts one version of one app. PORT chooses the port. */
import { buildApp } from './build-app.mjs'

const [kind, version] = process.argv.slice(2)
if (!['tutorial', 'mern'].includes(kind) || !['before', 'after'].includes(version)) {
  console.error('Name an app and a version: node test/adoption/run.mjs (tutorial | mern) (before | after)')
  process.exit(1)
}

const app = await buildApp({ kind, version })
const server = await app.startServer(Number(process.env.PORT ?? 4000))
console.log(`Open it in two windows: ${server.url}`)
