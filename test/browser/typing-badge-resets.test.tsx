import { cleanup, render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { cdp } from 'vitest/browser'
import { TypingBadge, type TypingBadgeProps, type TypingState, type Typist } from '../../src/index.ts'
import '../../src/react/badge/styles.css'

/** A reset that is in no layer wins against every rule of the badge's style sheet. The badge has to look the same. */
const RESETS: Readonly<Record<string, string>> = {
  'the shortest reset': '* { margin: 0; padding: 0; border: 0 }',
  'box-sizing for all': '*, ::before, ::after { box-sizing: border-box; margin: 0; border: none; padding: 0 }',
  'the rules of Tailwind’s preflight, out of their layer': `
    *, ::after, ::before, ::backdrop { box-sizing: border-box; margin: 0; padding: 0; border: 0 solid }
    img, svg, video, canvas, audio, iframe, embed, object { display: block; vertical-align: middle }
    img, video { max-width: 100%; height: auto }`,
  'the rules of Chakra’s reset': `
    *, *::before, *::after { box-sizing: border-box; border-width: 0; border-style: solid; word-wrap: break-word }
    * { margin: 0; padding: 0 }
    img, svg, video, canvas, audio, iframe, embed, object { display: block }
    img, video { max-width: 100%; height: auto }`,
  'a box-sizing that is inherited': `
    html { box-sizing: border-box }
    *, ::before, ::after { box-sizing: inherit; margin: 0; border: 0; padding: 0 }`,
}

const VARIANTS: readonly NonNullable<TypingBadgeProps['variant']>[] = ['text', 'dots', 'bubble', 'avatars']
const DIRECTIONS = ['ltr', 'rtl'] as const

/** Twice as high as it is wide, in one colour. */
const TALL_PICTURE =
  'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" width="30" height="60"%3E%3Cpath d="M0 0h30v60H0z"/%3E%3C/svg%3E'
const WIDE_PICTURE = TALL_PICTURE.replace('width="30"', 'width="120"')

const typist = (name: string, avatar?: string): Typist => ({ id: name, name, avatar, activity: 'typing', since: 1 })
const NOBODY: TypingState = { typists: [], total: 0 }
const MANY: TypingState = {
  typists: [typist('Ada', TALL_PICTURE), typist('Grace', WIDE_PICTURE), typist('Edsger')],
  total: 12,
}

afterEach(cleanup)

const rectOf = (element: Element) => {
  const { x, y, width, height } = element.getBoundingClientRect()
  return { x, y, width, height }
}
const all = (selector: string) => Array.from(document.querySelectorAll<HTMLElement>(selector))

async function reduceMotion() {
  const media = (features: { name: string; value: string }[]) =>
    cdp().send('Emulation.setEmulatedMedia', { features }) as Promise<unknown>
  onTestFinished(async () => {
    await media([])
  })
  await media([{ name: 'prefers-reduced-motion', value: 'reduce' }])
}

interface Place {
  readonly variant: TypingBadgeProps['variant']
  readonly dir?: (typeof DIRECTIONS)[number]
  readonly width?: number
  readonly css?: string
}

const page = ({ variant, dir = 'ltr', width = 320, css }: Place, state: TypingState): ReactNode => (
  <div dir={dir} style={{ inlineSize: width }}>
    {css && <style>{css}</style>}
    <TypingBadge variant={variant} announce={false} {...state} />
    <p className="beside">Below</p>
  </div>
)

/** Where each part is, seen from the corner of the badge. */
const partsOf = () => {
  const [badge] = all('[data-typing-badge]')
  const { x, y } = rectOf(badge!)
  return all('[data-typing-badge] *').map((part) => {
    const rect = rectOf(part)
    return { part: part.dataset.part ?? part.localName, ...rect, x: rect.x - x, y: rect.y - y }
  })
}

describe.each(Object.entries(RESETS))('%s', (_, css) => {
  describe.each(DIRECTIONS)('%s', (dir) => {
    test.each(VARIANTS)('%s: no part changes its place or size', async (variant) => {
      await reduceMotion()
      const before = render(page({ variant, dir }, MANY))
      await expect.poll(() => all('img').every((image) => (image as HTMLImageElement).complete)).toBe(true)
      const parts = partsOf()
      before.unmount()
      render(page({ variant, dir, css }, MANY))
      expect(partsOf()).toEqual(parts)
    })
  })
})

test('avatars: three pictures overlap by a quarter, fill their discs, and the rest follows after them', () => {
  for (const css of Object.values(RESETS)) {
    render(page({ variant: 'avatars', css }, MANY))
    const discs = all('[data-part=avatar]').map(rectOf)
    const [first, second, third] = discs
    expect(first).toMatchObject({ width: 28, height: 28 })
    expect(second!.x - first!.x).toBe(21)
    expect(third!.x - second!.x).toBe(21)
    expect(all('img').map(rectOf)).toEqual(discs.slice(0, 2))
    expect(rectOf(all('[data-part=more]')[0]!).x).toBeGreaterThan(third!.x + third!.width)
    cleanup()
  }
})

test('bubble: it is as high as 2.4 lines’ text and leaves 0.9 em on both sides of the dots', () => {
  for (const css of Object.values(RESETS)) {
    render(page({ variant: 'bubble', css: `${css} body { font-size: 20px }` }, MANY))
    const [bubble] = all('[data-part=label]').map(rectOf)
    const [dots] = all('[data-part=dots]').map(rectOf)
    expect(bubble!.height).toBeCloseTo(48, 1)
    expect(dots!.x - bubble!.x).toBeCloseTo(18, 1)
    expect(bubble!.x + bubble!.width - (dots!.x + dots!.width)).toBeCloseTo(18, 1)
    cleanup()
  }
})

/** Which reset it is makes no difference here. */
const [HARD_RESET] = Object.values(RESETS)
const FONT_SIZES = [8, 11, 13, 14, 15.5, 16, 20, 27, 40]
const LINE_HEIGHTS = ['normal', '1', '1.15', '1.5', '2']

describe.each(LINE_HEIGHTS)('with a line height of %s', (lineHeight) => {
  test.each(VARIANTS)('%s: nothing moves when somebody types, whatever the size of the font', (variant) => {
    for (const reset of ['', HARD_RESET]) {
      for (const fontSize of FONT_SIZES) {
        const css = `${reset} body { font-size: ${fontSize}px; line-height: ${lineHeight} }`
        const { rerender } = render(page({ variant, css }, NOBODY))
        const measure = () => all('[data-typing-badge], .beside').map(rectOf)
        const idle = measure()
        expect(idle[0]!.height).toBeGreaterThanOrEqual(fontSize)
        for (const state of [
          { typists: [typist('Ada')], total: 1 },
          MANY,
          { typists: [typist('ليلى ภูมิ')], total: 1 },
        ]) {
          rerender(page({ variant, css }, state))
          expect(measure(), css).toEqual(idle)
        }
        cleanup()
      }
    }
  })
})

test.each(VARIANTS)('%s: it fits a screen of 320 px at 400 percent, which leaves 80 px', (variant) => {
  for (const css of ['', ...Object.values(RESETS)]) {
    render(page({ variant, css, width: 80 }, MANY))
    const [badge] = all('[data-typing-badge]')
    const [label] = all('[data-part=label]')
    expect(rectOf(badge!).width).toBeLessThanOrEqual(80)
    expect(rectOf(label!).width).toBeLessThanOrEqual(80)
    expect(badge!.parentElement!.scrollWidth).toBe(80)
    cleanup()
  }
})
