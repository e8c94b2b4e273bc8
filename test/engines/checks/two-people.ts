import { describe, expect, test } from 'vitest'
import type { EnginePage } from '../../support/engines/engine.ts'
import type { Bench } from './check-engine.ts'

type Name = 'Ann' | 'Bob'

const stateOf = (page: EnginePage, name: Name) =>
  page.evaluate((name) => {
    const region = document.querySelector(`section[aria-label=${name}]`)
    const badge = region?.querySelector<HTMLElement>('[data-typing-badge]')
    return {
      connection: region?.querySelector<HTMLElement>('[data-connection]')?.dataset.connection,
      typing: badge?.dataset.state,
    }
  }, name)

const field = (name: Name) => `section[aria-label=${name}] input`
const messages = (page: EnginePage, name: Name) =>
  page.evaluate(
    (name) => Array.from(document.querySelectorAll(`section[aria-label=${name}] li`), ({ textContent }) => textContent),
    name,
  )

const untilOnline = (page: EnginePage, name: Name) =>
  expect
    .poll(() => stateOf(page, name).catch(() => undefined), { timeout: 15_000 })
    .toMatchObject({ connection: 'online' })
const seesTyping = (page: EnginePage, name: Name, timeout = 2000) =>
  expect.poll(() => stateOf(page, name), { timeout }).toMatchObject({ typing: 'typing' })
const seesNobody = (page: EnginePage, name: Name, timeout = 2000) =>
  expect.poll(() => stateOf(page, name), { timeout }).toMatchObject({ typing: 'idle' })

/** A window for each person. */
async function openBoth(bench: Bench) {
  const ann = await bench.open(`${bench.pages.twoPeople}?only=ann`)
  const bob = await bench.open(`${bench.pages.twoPeople}?only=bob`)
  await untilOnline(ann, 'Ann')
  await untilOnline(bob, 'Bob')
  return { ann, bob }
}

async function startTyping(ann: EnginePage, bob: EnginePage, ...keys: readonly string[]) {
  await ann.click(field('Ann'))
  await ann.press(...keys)
  await seesTyping(bob, 'Bob')
}

export function checkTwoPeople(bench: Bench): void {
  describe('two people', () => {
    test('S1, R1: a key is shown to the other person, and not to the typist', async () => {
      const { ann, bob } = await openBoth(bench)
      await startTyping(ann, bob, 'H')
      expect(await stateOf(ann, 'Ann')).toMatchObject({ typing: 'idle' })
    })

    test('S3: four seconds without a key end typing', async () => {
      const { ann, bob } = await openBoth(bench)
      await startTyping(ann, bob, 'H')
      await seesNobody(bob, 'Bob', 5000)
    })

    test('S4: an emptied field ends typing at once', async () => {
      const { ann, bob } = await openBoth(bench)
      await startTyping(ann, bob, 'H')
      await ann.press('Backspace')
      await seesNobody(bob, 'Bob')
    })

    test('R6: typing ends before its message appears, or with it', async () => {
      const { ann, bob } = await openBoth(bench)
      await startTyping(ann, bob, 'H', 'i')
      await bob.evaluate(() => {
        new MutationObserver((_, observer) => {
          if (!document.querySelector('[role=log]')?.textContent.includes('Hi')) return
          observer.disconnect()
          document.title = document.querySelector<HTMLElement>('[data-typing-badge]')?.dataset.state ?? ''
        }).observe(document.body, { subtree: true, childList: true, attributes: true })
      })
      await ann.press('Enter')
      await expect.poll(() => messages(bob, 'Bob')).toContain('Hi')
      expect(await bob.evaluate(() => document.title)).toBe('idle')
    })

    test('S4: a closed window ends typing at once', async () => {
      const { ann, bob } = await openBoth(bench)
      await startTyping(ann, bob, 'H')
      await bench.close(ann)
      await seesNobody(bob, 'Bob')
    })

    test('S4, R1: going to another page ends typing, and coming back begins with the next key', async () => {
      const { ann, bob } = await openBoth(bench)
      await startTyping(ann, bob, 'H')
      await ann.goto(bench.pages.field)
      await seesNobody(bob, 'Bob')
      await ann.back()
      await untilOnline(ann, 'Ann')
      expect(await stateOf(bob, 'Bob')).toMatchObject({ typing: 'idle' })
      await startTyping(ann, bob, 'i')
    })

    test('S4, R1: a reload ends typing, and the next key begins it', async () => {
      const { ann, bob } = await openBoth(bench)
      await startTyping(ann, bob, 'H')
      await ann.reload()
      await untilOnline(ann, 'Ann')
      await seesNobody(bob, 'Bob')
      await startTyping(ann, bob, 'i')
    })

    test('G1, R5: without a network nobody is shown, nothing of that time is shown later, and the next key is', async () => {
      const { ann, bob } = await openBoth(bench)
      await startTyping(ann, bob, 'H')
      const restore = bench.pages.cutNetwork()
      await seesNobody(bob, 'Bob')
      expect((await stateOf(bob, 'Bob')).connection).not.toBe('online')
      await bob.evaluate(() => {
        const badge = document.querySelector<HTMLElement>('[data-typing-badge]')!
        new MutationObserver(() => {
          document.title = 'somebody was shown'
        }).observe(badge, { attributeFilter: ['data-state'] })
      })
      await ann.press('i')
      await ann.press('Backspace', 'Backspace')
      restore()
      await untilOnline(ann, 'Ann')
      await untilOnline(bob, 'Bob')
      expect(await bob.evaluate(() => document.title)).not.toBe('somebody was shown')
      await startTyping(ann, bob, 'H')
    })
  })
}
