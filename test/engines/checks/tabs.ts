import { describe, expect, test } from 'vitest'
import type { EnginePage } from '../../support/engines/engine.ts'
import type { Bench } from './check-engine.ts'

const logOf = (page: EnginePage) => page.evaluate(() => window.tab.log)
const untilLog = (page: EnginePage, entries: unknown[]) =>
  expect.poll(() => logOf(page), { timeout: 3000 }).toEqual(entries)

async function openBoth({ open, pages }: Bench) {
  const ann = await open(pages.tab)
  const bob = await open(pages.tab)
  await ann.evaluate(() => window.tab.chat('ann', 'bob'))
  await bob.evaluate(() => window.tab.chat('bob', 'ann'))
  return { ann, bob }
}

export function checkTabs(bench: Bench): void {
  describe('windows over a BroadcastChannel', () => {
    test('G3: they talk, and leave nothing in any storage', async () => {
      const { ann, bob } = await openBoth(bench)
      await ann.evaluate(() => window.tab.startTyping())
      await untilLog(bob, ['typing'])
      expect(await ann.evaluate(() => window.tab.sendText('hello'))).toBe(true)
      expect(await bob.evaluate(() => window.tab.sendText('hi'))).toBe(true)
      await untilLog(bob, ['typing', 'hello'])
      await untilLog(ann, ['hi'])
      for (const page of [ann, bob]) {
        const traces = await page.evaluate(async () => [
          ...Object.keys(localStorage),
          ...Object.keys(sessionStorage),
          ...(await indexedDB.databases()),
          document.cookie,
        ])
        expect(traces).toEqual([''])
      }
    })

    test('S4: closing a window ends its typing', async () => {
      const { ann, bob } = await openBoth(bench)
      await ann.evaluate(() => window.tab.startTyping())
      await untilLog(bob, ['typing'])
      await bench.close(ann)
      await untilLog(bob, ['typing', 'nobody'])
    })
  })
}
