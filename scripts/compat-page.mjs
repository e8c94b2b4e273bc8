/** What every page of `npm run compat` has to show. */
import { setTimeout as sleep } from 'node:timers/promises'

const TYPING = 'The other party is typing…'

/** Resolves when the page answers. A server that has just been started does not at once. */
async function waitForServer(url) {
  const end = Date.now() + 60_000
  for (;;) {
    const response = await fetch(url).catch(() => undefined)
    if (response?.ok) return
    if (Date.now() > end) throw new Error(`${url} does not answer: ${response?.status ?? 'no connection'}`)
    await sleep(50)
  }
}

async function open({ browser, url, me, peer, problems }) {
  const context = await browser.newContext()
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  await page.goto(`${url}/?me=${me}&peer=${peer}`)
  await page.locator('[data-connection="online"]').waitFor()
  return { context, page, field: page.getByRole('textbox') }
}

async function seeTyping({ typist, reader }) {
  await typist.field.pressSequentially('Hello')
  await reader.page.getByText(TYPING).waitFor()
  await reader.page.locator('[data-typists="1"]').waitFor()
  const text = await typist.field.inputValue()
  if (text !== 'Hello') throw new Error(`the field has ${JSON.stringify(text)}`)

  await typist.field.fill('')
  await reader.page.locator('[data-typing-badge][data-state="idle"]').waitFor()
  await reader.page.locator('[data-typists="0"]').waitFor()
}

/**
 * Ann and Bob open the page, and each sees that the other one types and stops.
 *
 * @throws Error when they do not, or when anything is reported on the console as an error
 */
export async function typeToEachOther({ browser, url, hasStyles }) {
  await waitForServer(`${url}/?me=ann&peer=bob`)
  const problems = []
  const people = []
  try {
    people.push(await open({ browser, url, me: 'ann', peer: 'bob', problems }))
    people.push(await open({ browser, url, me: 'bob', peer: 'ann', problems }))
    const [ann, bob] = people
    await seeTyping({ typist: ann, reader: bob })
    await seeTyping({ typist: bob, reader: ann })
    const display = await ann.page
      .locator('[data-typing-badge]')
      .evaluate((badge) => badge.computedStyleMap().get('display').value)
    if (hasStyles && display !== 'flex') throw new Error(`the style sheet is not there: display is ${display}`)
  } catch (error) {
    throw new Error([error.message, ...problems].join('\n'), { cause: error })
  } finally {
    for (const { context } of people) await context.close()
  }
  if (problems.length > 0) throw new Error(problems.join('\n'))
}
