import type { Meta, StoryObj } from '@storybook/react-vite'
import type { ReactNode } from 'react'
import { expect } from 'storybook/test'
import { type Activity, TypingBadge, type TypingBadgeProps } from '../src/index.ts'
import { ada } from './badge-people.ts'
import { BadgeTable } from './badge-table.tsx'

type Variant = NonNullable<TypingBadgeProps['variant']>

const VARIANTS: readonly Variant[] = ['text', 'dots', 'bubble', 'avatars']

/**
 * What people do besides typing, shown with `startActivity` of `useTypingInput`. The variant `text` has a sentence for
 * each activity, and the dots have a rhythm for each, by the root's `data-activity`. When several people do different
 * things at once, the badge says that they are typing.
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
      source: {
        code: `const { startActivity } = useTypingInput(conversation)\nconst endActivity = startActivity('${activity}')`,
      },
    },
  },
  play: async ({ canvasElement }) => {
    const badges = canvasElement.querySelectorAll(`[data-typing-badge][data-activity="${activity}"]`)
    await expect(badges).toHaveLength(VARIANTS.length)
  },
})

/** The dots rise one after another. */
export const Typing: StoryObj = activityStory('typing')

/** One larger dot that swells, like the level of a microphone. */
export const Recording: StoryObj = activityStory('recording')

/** The dots are dashes that run, because something is on its way. It is the same for a video and a file. */
export const Photo: StoryObj = activityStory('photo')

/** As for a photo. */
export const Video: StoryObj = activityStory('video')

/** As for a photo. */
export const File: StoryObj = activityStory('file')

/** One dot after another steps forward, like stickers to choose from. */
export const Sticker: StoryObj = activityStory('sticker')

/** All dots swell slowly and nearly together, like breathing. */
export const Thinking: StoryObj = activityStory('thinking')
