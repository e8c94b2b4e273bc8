import type { Meta, StoryObj } from '@storybook/react-vite'
import type { ReactNode } from 'react'
import { expect } from 'storybook/test'
import { TypingBadge, type TypingBadgeProps } from '../src/index.ts'
import { SITUATIONS } from './badge-people.ts'
import { BadgeTable, BadgeTables } from './badge-table.tsx'

type Variant = NonNullable<TypingBadgeProps['variant']>

/** The four looks, each in every situation. None of them is higher while somebody types than while nobody does. */
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
    // Nobody, one, a crowd, long names: all of one height.
    await expect(new Set(badges.map((badge) => badge.getBoundingClientRect().height)).size).toBe(1)
  },
})

/** A sentence in one line: under the composer, or a header's subtitle. */
export const Text: StoryObj = variantStory('text', '<TypingBadge conversation={{ group }} />')

/** Three dots within a line of text: in the rows of a list of conversations. */
export const Dots: StoryObj = variantStory(
  'dots',
  '<TypingBadge variant="dots" conversation={{ group }} announce={false} />',
)

/** Last in a list of messages. */
export const Bubble: StoryObj = variantStory('bubble', '<TypingBadge variant="bubble" conversation={{ group }} />')

/** Up to three pictures or initials, in the order in which they began, then how many more there are. */
export const Avatars: StoryObj = variantStory('avatars', '<TypingBadge variant="avatars" conversation={{ group }} />')

/** All of them at one look. */
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
  parameters: { docs: { source: { code: null } } },
}
