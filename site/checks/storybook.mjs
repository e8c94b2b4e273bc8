/** Storybook is beside the site, and its first story runs: two people in one page, without a server. */

async function typeAsAnn(page) {
  const story = page.frameLocator('#storybook-preview-iframe')
  await story.getByRole('textbox').first().pressSequentially('Hello')
  await story.getByText('The other party is typing…').first().waitFor()
}

/** @returns what is wrong, as sentences */
export async function findStorybookProblems({ browser, url }) {
  const page = await browser.newPage()
  await page.goto(`${url}storybook/index.html`)
  const problems = await typeAsAnn(page).then(
    () => [],
    ({ message }) => [`Storybook's first story does not show who types: ${message}`],
  )
  await page.close()
  return problems
}
