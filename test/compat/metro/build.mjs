/** node build.mjs [without-exports] */
import { copyFileSync, mkdirSync } from 'node:fs'
import metro from 'metro'

const [kind] = process.argv.slice(2)
const config = await metro.loadConfig({ cwd: process.cwd() })
config.resolver.unstable_enablePackageExports = kind !== 'without-exports'
config.resolver.useWatchman = false
mkdirSync('dist', { recursive: true })
await metro.runBuild(config, { entry: 'start.js', out: 'dist/main.js', platform: 'web', dev: false, minify: false })
copyFileSync('plain.html', 'dist/index.html')
