/** The search answers, as a reader asks it: in the page, by keyboard. */
import { pageOfQuestion } from './search-words.mjs'

/** How many answers a reader looks at. */
const seen = 3

const addressOf = (link, url) => new URL(link).href.slice(url.length).replace(/(?:\.html)?(?:#.*)?$/, '')

/** @returns the questions whose page is not among the first answers, as sentences */
export async function findUnanswered({ browser, url }) {
  const page = await browser.newPage()
  await page.goto(url)
  await page.keyboard.press('Control+k')
  const field = page.getByRole('searchbox')
  const problems = []
  for (const [question, wanted] of Object.entries(pageOfQuestion)) {
    await field.fill(question)
    // The list of this question, and not the one before it.
    await page.locator(`.results[data-question="${question}"] a`).first().waitFor()
    const links = await page.locator('.results a').evaluateAll((found) => found.map(({ href }) => href))
    const answers = links.slice(0, seen).map((link) => addressOf(link, url))
    if (!answers.includes(wanted)) problems.push(`"${question}" finds ${answers.join(', ')}, and not ${wanted}.`)
  }

  await page.keyboard.press('Enter')
  await page.waitForURL((address) => address.href !== url)
  if (await page.getByRole('dialog').isVisible()) problems.push('Enter does not close the search.')
  await page.close()
  return problems
}
