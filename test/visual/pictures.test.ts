import { beforeAll, beforeEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { useBlocksForText } from './block-font.ts'
import { prefer, storiesOf } from './every-story.ts'

const stories = storiesOf(
  import.meta.glob(['../../stories/{typing-badge,badge-*}.stories.tsx', '../react-native/*.stories.tsx'], {
    eager: true,
  }),
)

/** A moment at which every dot is visible and hardly two look alike, in milliseconds. */
const MOMENT = 500

const freeze = () => {
  for (const animation of document.getAnimations()) {
    if (animation instanceof CSSTransition) animation.finish()
    else {
      animation.pause()
      animation.currentTime = MOMENT
    }
  }
}

beforeAll(useBlocksForText)
beforeEach(() => page.viewport(640, 2000))

test.each(stories.flatMap((story) => ['light', 'dark'].map((scheme) => ({ ...story, scheme }))))(
  '$id looks as before, $scheme',
  async ({ id, run, scheme }) => {
    // JavaScript moves the dots in react-native-web: `freeze` cannot stop them at a moment, and this does.
    const isMovedByScript = id.startsWith('looks-react-native')
    await prefer({
      'prefers-color-scheme': scheme,
      ...(isMovedByScript && { 'prefers-reduced-motion': 'reduce' }),
    })
    const root = document.body.appendChild(document.createElement('div'))
    await run(root)
    ;(document.activeElement as HTMLElement | null)?.blur()
    freeze()
    await expect(root).toMatchScreenshot(`${id} ${scheme}`)
  },
)
