import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { EnginePage, Preferences } from '../../support/engines/engine.ts'
import { pictures } from '../../support/engines/pages.ts'
import type { Bench } from './check-engine.ts'

/** Around a name, which keeps its own direction. */
const FIRST_STRONG_ISOLATE = '\u2068'
const POP_ISOLATE = '\u2069'

/** Where everything is, in pixels. */
const placesOf = (page: EnginePage) =>
  page.evaluate(() =>
    Object.fromEntries(
      Array.from(document.querySelectorAll('.place'), (place) => {
        const { y, height } = place.getBoundingClientRect()
        return [place.id, { y, height }]
      }),
    ),
  )

const show = (page: EnginePage, count: number) => page.evaluate((count) => window.showTypists(count), count)

const widths = { phone: 360, desktop: 1280 }

export function checkLooks(bench: Bench): void {
  const { name } = bench
  const openBadges = (query = '') => bench.openNewWindow(`${bench.pages.badges}${query}`)
  const picture = (page: EnginePage, title: string) => page.screenshot(join(pictures, `${name}-${title}.png`))

  describe('the badge', () => {
    test.each(['ltr', 'rtl'])('nothing moves when somebody types, in every variant and size: %s', async (direction) => {
      const page = await openBadges(`?dir=${direction}`)
      for (const [device, width] of Object.entries(widths)) {
        await page.resize(width, 900)
        await show(page, 0)
        const idle = await placesOf(page)
        for (const count of [1, 2, 3]) {
          await show(page, count)
          expect(await placesOf(page)).toEqual(idle)
        }
        await picture(page, `${direction}-${device}`)
      }
    })

    test('writes from the right in a page that does', async () => {
      const page = await openBadges('?dir=rtl')
      await show(page, 1)
      const gap = await page.evaluate(() => {
        const place = document.querySelector('#dots-16')!.getBoundingClientRect()
        const dots = document.querySelector('#dots-16 [data-part=dots]')!.getBoundingClientRect()
        return Math.round(place.right - dots.right)
      })
      expect(gap).toBeGreaterThanOrEqual(0)
      expect(gap).toBeLessThan(16)
    })

    test('is announced two seconds after typing began, in a live region', async () => {
      const page = await openBadges()
      const announced = () =>
        page.evaluate(() => document.querySelector('#text-16 [data-part=announcement]')?.textContent)
      expect(await announced()).toBe('')
      const began = performance.now()
      await show(page, 1)
      await expect.poll(announced, { timeout: 5000 }).toBe(`${FIRST_STRONG_ISOLATE}Ada${POP_ISOLATE} is typing…`)
      expect(performance.now() - began).toBeGreaterThan(1900)
      expect(await page.isAccessibleAs('#text-16 [data-part=announcement]', 'status', '')).toBe(true)
    })

    const preferences: [string, Partial<Preferences>][] = [
      ['dark', { colours: 'dark' }],
      ['reduced motion', { reducedMotion: true }],
    ]
    // WebKitGTK has no forced colours.
    if (name !== 'WebKit') preferences.push(['forced colours', { forcedColours: true }])
    test.each(preferences)('obeys its user: %s', async (title, preferred) => {
      await bench.engine.prefer(preferred)
      const page = await openBadges()
      await show(page, 2)
      const seen = await page.evaluate(() => {
        const dots = Array.from(document.querySelectorAll('#dots-16 [data-part=dots] > *'), (dot) => {
          const { width } = dot.getBoundingClientRect()
          const { opacity, borderTopColor } = getComputedStyle(dot)
          return { isDrawn: width > 0, opacity, colour: borderTopColor }
        })
        return {
          isDark: matchMedia('(prefers-color-scheme: dark)').matches,
          isReduced: matchMedia('(prefers-reduced-motion: reduce)').matches,
          isForced: matchMedia('(forced-colors: active)').matches,
          moving: document.getAnimations().filter((animation) => 'animationName' in animation).length,
          dots,
          textColour: getComputedStyle(document.body).color,
        }
      })
      await picture(page, title)
      await bench.close(page)
      await bench.engine.prefer({})
      expect(seen).toMatchObject({
        isDark: preferred.colours === 'dark',
        isReduced: preferred.reducedMotion === true,
        isForced: preferred.forcedColours === true,
      })
      expect(seen.dots.map(({ isDrawn }) => isDrawn)).toEqual([true, true, true])
      expect(new Set(seen.dots.map(({ colour }) => colour))).toEqual(new Set([seen.textColour]))
      if (preferred.reducedMotion) {
        expect(seen.moving).toBe(0)
        expect(new Set(seen.dots.map(({ opacity }) => opacity))).toEqual(new Set(['1']))
      } else {
        expect(seen.moving).toBeGreaterThan(0)
      }
    })
  })
}
