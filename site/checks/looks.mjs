/** What every reader meets, light and dark, on a phone and on a desk: axe finds nothing, and nothing is wider than the screen. */
import { createRequire } from 'node:module'

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

const screens = { phone: { width: 375, height: 740 }, desktop: { width: 1280, height: 800 } }

/** One of each kind. */
const kinds = {
  home: '',
  guide: 'docs/styling.html',
  'API page': 'reference/react-online-message/functions/useTypingInput.html',
  source: 'examples/nest/src/main.ts.html',
  results: 'bench/RESULTS.html',
}

async function runAxe(page) {
  await page.addScriptTag({ path: axe })
  const { violations } = await page.evaluate(() => globalThis.axe.run())
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .slice(0, 3)
        .map(({ html }) => html.slice(0, 200))
        .join(' | ')}`,
  )
}

async function openSearch(page) {
  await page.getByRole('button', { name: 'Search' }).click()
  await page.getByRole('searchbox').fill('style')
  await page.locator('.results a').first().waitFor()
}

async function openMenu(page) {
  const button = page.getByRole('button', { name: 'mobile navigation' })
  if (!(await button.isVisible())) return
  await button.click()
  await page.locator('.VPNavScreen').waitFor()
}

async function openContents(page) {
  const button = page.getByRole('button', { name: 'Menu', exact: true })
  if (!(await button.isVisible())) return
  await button.click()
  await page.locator('.VPSidebar.open').waitFor()
}

const doNothing = () => Promise.resolve()

const situations = [
  ...Object.entries(kinds).map(([kind, path]) => ({ kind, path, act: doNothing })),
  { kind: 'search', path: '', act: openSearch },
  { kind: 'menu', path: '', act: openMenu },
  { kind: 'table of contents', path: kinds.guide, act: openContents },
]

async function whatAxeFinds({ browser, url, screen, colorScheme }) {
  const context = await browser.newContext({ viewport: screens[screen], colorScheme, reducedMotion: 'reduce' })
  const problems = []
  for (const { kind, path, act } of situations) {
    const page = await context.newPage()
    await page.goto(`${url}${path}`, { waitUntil: 'networkidle' })
    await act(page)
    const found = await runAxe(page)
    problems.push(...found.map((violation) => `axe, ${kind}, ${screen}, ${colorScheme}: ${violation}`))
    await page.close()
  }
  await context.close()
  return problems
}

/** @returns what axe finds, as sentences */
export async function findViolations({ browser, url }) {
  const problems = []
  for (const colorScheme of ['light', 'dark']) {
    for (const screen of Object.keys(screens)) {
      problems.push(...(await whatAxeFinds({ browser, url, screen, colorScheme })))
    }
  }
  return problems
}

async function findWidePage(page, { url, path }) {
  await page.goto(`${url}${path}`, { waitUntil: 'load' })
  const width = await page.evaluate(() => globalThis.document.documentElement.scrollWidth)
  return width > screens.phone.width ? [`${path} is ${width} px wide on a phone.`] : []
}

/** @returns the pages that are wider than a phone, as sentences. Wide code and tables scroll inside. */
export async function findWidePages({ browser, url, paths }) {
  // The pages look the same without their program, and load faster.
  const context = await browser.newContext({ viewport: screens.phone, javaScriptEnabled: false })
  const waiting = [...paths]
  const problems = []
  const look = async () => {
    const page = await context.newPage()
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      problems.push(...(await findWidePage(page, { url, path })))
    }
  }
  await Promise.all([look(), look(), look()])
  await context.close()
  return problems
}
