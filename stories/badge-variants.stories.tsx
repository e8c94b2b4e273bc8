import type { Meta, StoryObj } from '@storybook/react-vite'
import type { ReactNode } from 'react'
import { expect } from 'storybook/test'
import { TypingBadge, type TypingBadgeProps } from '../src/index.ts'
import { SITUATIONS } from './badge-people.ts'
import { BadgeTable, BadgeTables } from './badge-table.tsx'

type Variant = NonNullable<TypingBadgeProps['variant']>

/** The four variants, each in every situation. A badge has the same height whether or not somebody types. */
const meta: Meta = { title: 'Looks/Variants' }
export default meta

const inEverySituation = (variant: Variant): ReactNode => (
  <BadgeTable
    rows={Object.fromEntries(
      Object.entries(SITUATIONS).map(([name, state]) => [
        name,
        <TypingBadge key={name} variant={variant} announce={false} {...state} />,
      ]),
    )}
  />
)

const variantStory = (variant: Variant, code: string): StoryObj => ({
  render: () => <>{inEverySituation(variant)}</>,
  parameters: { docs: { source: { code } } },
  play: async ({ canvasElement }) => {
    const badges = Array.from(canvasElement.querySelectorAll('[data-typing-badge]'))
    await expect(badges).toHaveLength(Object.keys(SITUATIONS).length)
    // Nobody, one, a crowd, long names: all have the same height.
    const heights = new Set(badges.map((badge) => badge.getBoundingClientRect().height))
    await expect(heights.size).toBe(1)
  },
})

/** A sentence in one line, for example under the composer or in the subtitle of a header. */
export const Text: StoryObj = variantStory('text', '<TypingBadge conversation={{ group }} />')

/** Three dots within a line of text, for example in the rows of a list of conversations. */
export const Dots: StoryObj = variantStory(
  'dots',
  '<TypingBadge variant="dots" conversation={{ group }} announce={false} />',
)

/** For the end of a message list. */
export const Bubble: StoryObj = variantStory('bubble', '<TypingBadge variant="bubble" conversation={{ group }} />')

/** Up to three pictures or initials, in the order in which people began to type, then the number of the others. */
export const Avatars: StoryObj = variantStory('avatars', '<TypingBadge variant="avatars" conversation={{ group }} />')

/** All four on one page. */
export const AllVariants: StoryObj = {
  render: () => (
    <BadgeTables
      tables={{
        Text: inEverySituation('text'),
        Dots: inEverySituation('dots'),
        Bubble: inEverySituation('bubble'),
        Avatars: inEverySituation('avatars'),
      }}
    />
  ),
  parameters: { docs: { canvas: { sourceState: 'none' } } },
}
