/** Checks site-dist/, as `npm run site` has made it: links, search, Storybook, axe, widths. */
import { join } from 'node:path'
import { chromium } from 'playwright'
import { browserLaunchOptions } from '../scripts/browser.mjs'
import { findDeadLinks } from './checks/links.mjs'
import { findViolations, findWidePages } from './checks/looks.mjs'
import { findUnanswered } from './checks/search.mjs'
import { findStorybookProblems } from './checks/storybook.mjs'
import { root } from './repository.mjs'
import { serve } from './server.mjs'

const folder = join(root, 'site-dist')
const base = process.env.SITE_BASE ?? '/'

/** Every request of every page: one to another server is a problem. */
function watchRequests(browser, url) {
  const problems = new Set()
  browser.on('context', (context) => {
    context.on('request', (request) => {
      const isLocal = request.url().startsWith(new URL(url).origin) || request.url().startsWith('data:')
      if (!isLocal) problems.add(`A page loads ${request.url()} from another server.`)
    })
    context.on('weberror', (error) => problems.add(`A page has an error: ${error.error().message}`))
  })
  return problems
}

const { paths, problems } = findDeadLinks({ folder, base })

const { url, close } = await serve({ folder, base })
const browser = await chromium.launch(await browserLaunchOptions())
const requests = watchRequests(browser, url)
problems.push(...(await findUnanswered({ browser, url })))
problems.push(...(await findStorybookProblems({ browser, url })))
problems.push(...(await findViolations({ browser, url })))
problems.push(...(await findWidePages({ browser, url, paths })))
problems.push(...requests)
await browser.close()
close()

for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exit(1)
console.log(`${paths.length} pages: no dead link, no violation of axe, nothing wider than a phone; the search answers.`)
