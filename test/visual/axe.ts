import axe from 'axe-core'
import { afterEach, expect, test } from 'vitest'
import { type EveryStory, prefer } from './every-story.ts'

/** The whole of each mode: what it does not name is as a browser has it. */
const MODES: Readonly<Record<string, { readonly media: Readonly<Record<string, string>>; readonly dir?: 'rtl' }>> = {
  light: { media: { 'prefers-color-scheme': 'light' } },
  dark: { media: { 'prefers-color-scheme': 'dark' } },
  'forced colours': { media: { 'forced-colors': 'active' } },
  'reduced motion': { media: { 'prefers-reduced-motion': 'reduce' } },
  'right to left': { media: {}, dir: 'rtl' },
}

/** As the toolbar of Storybook does it, without drawing the story anew. */
const turn = (dir: 'ltr' | 'rtl') => {
  for (const element of [document.documentElement, ...document.querySelectorAll<HTMLElement>('.surface')]) {
    element.dir = dir
  }
}

const violations = async (inside: HTMLElement, mode: string) => {
  const { violations } = await axe.run(inside, {
    resultTypes: ['violations'],
    // A story is a part of a page.
    rules: { region: { enabled: false } },
  })
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${mode}: ${id}: ${target.join(' ')}`))
}

/** One test for each story: axe finds nothing in it, after it was played, in any mode. */
export function testEveryStory(stories: readonly EveryStory[]): void {
  afterEach(async () => {
    await prefer({})
    turn('ltr')
  })

  test.each(stories)('axe: $id', async ({ run }) => {
    const root = document.body.appendChild(document.createElement('div'))
    await run(root)
    // What a badge shows is hidden from screen readers, and so from axe. It is to be read all the same.
    for (const seen of root.querySelectorAll('[data-part=label]')) seen.removeAttribute('aria-hidden')
    const found: string[] = []
    for (const [mode, { media, dir = 'ltr' }] of Object.entries(MODES)) {
      await prefer(media)
      turn(dir)
      // What fades has faded, what was to be is: axe looks at one instant.
      for (const animation of document.getAnimations()) if (animation instanceof CSSTransition) animation.finish()
      found.push(...(await violations(root, mode)))
    }
    expect(found).toEqual([])
  })
}
