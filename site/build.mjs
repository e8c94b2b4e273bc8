/**
 * `npm run site`: makes the site in site-dist/ without a network, then checks it. With SITE_BASE=/name/ it is made for the
 * folder `name` of a server.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'vitepress'
import { writeHome } from './home.mjs'
import { writePages } from './pages.mjs'
import { writeReference } from './reference.mjs'
import { root } from './repository.mjs'

const pages = fileURLToPath(new URL('.pages', import.meta.url))
const site = `${root}site-dist`
const storybook = 'node_modules/storybook/dist/bin/dispatcher.js'

async function step(title, work) {
  const start = performance.now()
  await work()
  console.log(`── ${title}: ${((performance.now() - start) / 1000).toFixed(1)} s`)
}

/** @returns what the program says. When it fails, that is shown. */
function runNode(...args) {
  const env = { ...process.env, STORYBOOK_DISABLE_TELEMETRY: '1' }
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    env,
    maxBuffer: 1e8,
  })
  if (status === 0) return stdout
  console.error(`${stdout}\n${stderr}`)
  process.exit(1)
}

rmSync(pages, { recursive: true, force: true })
mkdirSync(pages)

await step('pages of the repository', () => {
  writePages(pages)
  writeHome(pages)
})
await step('API reference', async () => {
  const sidebars = await writeReference(`${pages}/reference`)
  writeFileSync(`${pages}/reference-sidebars.json`, JSON.stringify(sidebars))
})
await step('site', () => build(fileURLToPath(new URL('.', import.meta.url))))
await step('Storybook', () => runNode(storybook, 'build', '-c', '.storybook', '-o', 'site-dist/storybook', '--quiet'))
await step('checks', () => console.log(runNode('site/check.mjs')))
console.log(`\nThe site is in ${site}.`)
