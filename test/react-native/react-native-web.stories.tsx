import type { Meta, StoryObj } from '@storybook/react-vite'
import type { ReactElement } from 'react'
import { View } from 'react-native'
import { TypingBadge, type TypingBadgeProps, type Typist } from '../../src/react-native/index.ts'

/** The badge for React Native, as react-native-web draws it. */
const meta: Meta = { title: 'Looks/React Native' }
export default meta

const typist = (id: string, name?: string, activity: Typist['activity'] = 'typing'): Typist => ({
  id,
  activity,
  since: 1,
  ...(name === undefined ? {} : { name }),
})
const ada = typist('1', 'Ada')
const SITUATIONS = [
  { typists: [] },
  { typists: [ada] },
  { typists: [typist('3', 'Ada', 'recording')] },
  { typists: [ada, typist('2', 'Grace'), typist('4'), typist('5', 'Émile')], total: 1204 },
]

const inEverySituation = (variant: NonNullable<TypingBadgeProps['variant']>): ReactElement => (
  <View style={{ gap: 12, padding: 12 }}>
    {SITUATIONS.map((situation, index) => (
      <TypingBadge key={index} variant={variant} announce={false} {...situation} />
    ))}
  </View>
)

const story = (variant: NonNullable<TypingBadgeProps['variant']>): StoryObj => ({
  render: () => inEverySituation(variant),
  parameters: { docs: { source: { code: `<TypingBadge conversation={{ group }} variant="${variant}" />` } } },
})

/** A sentence in one line. */
export const Text: StoryObj = story('text')

/** Three dots. A recording has one. */
export const Dots: StoryObj = story('dots')

/** The dots in a bubble. */
export const Bubble: StoryObj = story('bubble')

/** Up to three pictures or initials, the number of the others, and the dots. */
export const Avatars: StoryObj = story('avatars')
