import type { Meta, StoryObj } from '@storybook/react-vite'
import type { ReactNode } from 'react'
import { expect } from 'storybook/test'
import { type Activity, TypingBadge, type TypingBadgeProps } from '../src/index.ts'
import { ada } from './badge-people.ts'
import { BadgeTable } from './badge-table.tsx'

type Variant = NonNullable<TypingBadgeProps['variant']>

const VARIANTS: readonly Variant[] = ['text', 'dots', 'bubble', 'avatars']

/**
 * What is going on besides typing, shown by `hold(activity)` of `useTypingInput`. `text` says it; the dots have a rhythm
 * for each, by the root's `data-activity`. Where several do different things at once it is `typing`.
 */
const meta: Meta = { title: 'Looks/Activities' }
export default meta

const inEveryVariant = (activity: Activity): ReactNode => (
  <BadgeTable
    rows={Object.fromEntries(
      VARIANTS.map((variant) => [
        variant,
        <TypingBadge key={variant} variant={variant} announce={false} typists={[{ ...ada, activity }]} />,
      ]),
    )}
  />
)

const activityStory = (activity: Activity): StoryObj => ({
  render: () => <>{inEveryVariant(activity)}</>,
  parameters: {
    docs: {
      source: { code: `const { hold } = useTypingInput(conversation)\nconst release = hold('${activity}')` },
    },
  },
  play: async ({ canvasElement }) => {
    const badges = canvasElement.querySelectorAll(`[data-typing-badge][data-activity="${activity}"]`)
    await expect(badges).toHaveLength(VARIANTS.length)
  },
})

/** The dots rise one after another. */
export const Typing: StoryObj = activityStory('typing')

/** One dot, larger, that swells: a microphone's level. */
export const Recording: StoryObj = activityStory('recording')

/** The dots are dashes, which run: something is on its way. So for a video and a file. */
export const Photo: StoryObj = activityStory('photo')

/** As for a photo. */
export const Video: StoryObj = activityStory('video')

/** As for a photo. */
export const File: StoryObj = activityStory('file')

/** One dot after another steps forward: this one, or that? */
export const Sticker: StoryObj = activityStory('sticker')

/** All of them breathe, slowly and nearly at once. */
export const Thinking: StoryObj = activityStory('thinking')
