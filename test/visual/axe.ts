import axe from 'axe-core'
import { afterEach, expect, test } from 'vitest'
import { type EveryStory, prefer } from './every-story.ts'

/** Each mode whole: features that it does not name keep the browser’s default. */
const MODES: Readonly<Record<string, { readonly media: Readonly<Record<string, string>>; readonly dir?: 'rtl' }>> = {
  light: { media: { 'prefers-color-scheme': 'light' } },
  dark: { media: { 'prefers-color-scheme': 'dark' } },
  'forced colours': { media: { 'forced-colors': 'active' } },
  'reduced motion': { media: { 'prefers-reduced-motion': 'reduce' } },
  'right to left': { media: {}, dir: 'rtl' },
}

/**
 * The rules of axe that look at colours, sizes and what can be scrolled. Only these can find something else in another mode.
 * Storybook's accessibility add-on tests all rules in the first mode, when the project `storybook` plays a story.
 */
const rulesAboutLooks = ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable', 'target-size']

/** Sets the direction as the toolbar of Storybook does, without rendering the story again. */
const setDirection = (dir: 'ltr' | 'rtl') => {
  for (const element of [document.documentElement, ...document.querySelectorAll<HTMLElement>('.surface')]) {
    element.dir = dir
  }
}

const violations = async (inside: HTMLElement, mode: string) => {
  const { violations } = await axe.run(inside, {
    resultTypes: ['violations'],
    runOnly: rulesAboutLooks,
  })
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${mode}: ${id}: ${target.join(' ')}`))
}

/** One test for each story: axe finds nothing in it, after it was played, in any mode. */
export function testEveryStory(stories: readonly EveryStory[]): void {
  afterEach(async () => {
    await prefer({})
    setDirection('ltr')
  })

  test.each(stories)('axe: $id', async ({ run }) => {
    const root = document.body.appendChild(document.createElement('div'))
    await run(root)
    // A label is hidden from screen readers, and so from axe. Its contrast is tested all the same.
    for (const label of root.querySelectorAll('[data-part=label]')) label.removeAttribute('aria-hidden')
    const found: string[] = []
    for (const [mode, { media, dir = 'ltr' }] of Object.entries(MODES)) {
      await prefer(media)
      setDirection(dir)
      // Ends all transitions, because axe looks at one moment.
      for (const animation of document.getAnimations()) if (animation instanceof CSSTransition) animation.finish()
      found.push(...(await violations(root, mode)))
    }
    expect(found).toEqual([])
  })
}
