import type { Meta, StoryObj } from '@storybook/react-vite'
import { type ReactNode, useEffect } from 'react'
import { expect, waitFor, within } from 'storybook/test'
import {
  type Activity,
  createOnlineMessageClient,
  OnlineMessageProvider,
  type Typist,
  TypingBadge,
  useTypingInput,
} from '../src/index.ts'
import { zhCN } from '../src/locales/index.ts'
import { createMemoryNetwork } from '../src/transports/memory/index.ts'
import { Pair } from './pair.tsx'

const typist = (id: string, name?: string, activity: Activity = 'typing'): Typist => ({
  id,
  ...(name === undefined ? {} : { name }),
  activity,
  since: 0,
})
const ada = typist('1', 'Ada')
const grace = typist('2', 'Grace')
const edsger = typist('3', 'Edsger')
const client = createOnlineMessageClient({ transport: createMemoryNetwork().join({ id: 'me' }) })

const meta: Meta<typeof TypingBadge> = {
  title: 'TypingBadge',
  component: TypingBadge,
  // On a page of many badges nobody wants to hear them all.
  args: { announce: false },
  parameters: {
    docs: {
      description: {
        component:
          'Says who is typing. Give it a `conversation`, and it finds out by itself, or `typists`, and it only draws. Its place is always there, so nothing jumps. Its four variants, what they do for each activity and how to style them are under Looks.',
      },
    },
  },
}
export default meta

type Story = StoryObj<typeof TypingBadge>

const says = (sentence: string): NonNullable<Story['play']> => {
  return ({ canvas }) => waitFor(() => expect(canvas.getByText(sentence)).toBeVisible())
}
/** A name is kept apart from its sentence's direction by two characters nobody sees. */
const name = (text: string) => `\u2068${text}\u2069`

/** Ann's badge, while Bob types to her. One-to-one it needs no name. */
export const OneToOne: Story = {
  render: (args) => (
    <Pair
      ann={<TypingBadge announce={args.announce} conversation={{ user: 'bob' }} />}
      bob={<Does activity="typing" />}
    />
  ),
  parameters: { docs: { source: { code: "<TypingBadge conversation={{ user: 'bob' }} />" } } },
  play: says('The other party is typing…'),
}

/** Nobody types: an empty line, as high as a full one. */
export const Nobody: Story = {
  args: { typists: [] },
  play: async ({ canvasElement }) => {
    const badge = canvasElement.querySelector('[data-typing-badge]')
    await expect(badge).toHaveTextContent('')
    await expect(badge!.getBoundingClientRect().height).toBeGreaterThan(10)
  },
}

export const OnePerson: Story = { args: { typists: [ada] }, play: says(`${name('Ada')} is typing…`) }

export const TwoPeople: Story = {
  args: { typists: [ada, grace] },
  play: says(`${name('Ada')} and ${name('Grace')} are typing…`),
}

/** Two names at most, and who is left is counted. `total` may be more than there are `typists`. */
export const Crowd: Story = {
  args: { typists: [ada, grace, edsger], total: 1234 },
  play: says(`${name('Ada')}, ${name('Grace')} and 1,232 others are typing…`),
}

export const NobodyHasAName: Story = {
  args: { typists: [typist('1'), typist('2'), typist('3')] },
  play: says('3 people are typing…'),
}

export const OneWithoutAName: Story = { args: { typists: [typist('1')] }, play: says('Somebody is typing…') }

/** A long name is cut, and a sentence that is still too long for its place ends in an ellipsis. */
export const LongNames: Story = {
  args: {
    typists: [
      typist('1', 'Hubert Blaine Wolfeschlegelsteinhausenbergerdorff'),
      typist('2', 'Adolph Charles David Earl Frederick Gerald'),
    ],
    style: { inlineSize: '16rem' },
  },
  play: async ({ canvasElement }) => {
    const badge = canvasElement.querySelector('[data-typing-badge]')!
    await expect(badge.getBoundingClientRect().width).toBeLessThanOrEqual(256)
    await expect(badge.getBoundingClientRect().height).toBeLessThan(40)
  },
}

/** Arabic names do not turn an English sentence about. */
export const ArabicNames: Story = {
  args: { typists: [typist('1', 'ليلى'), typist('2', 'عمر')] },
  play: says(`${name('ليلى')} and ${name('عمر')} are typing…`),
}

/** A name may look like a number. */
export const ANumberForAName: Story = {
  args: { typists: [typist('1', '3'), typist('2', 'Ada')] },
  play: says(`${name('3')} and ${name('Ada')} are typing…`),
}

export const Chinese: Story = {
  args: { typists: [typist('1', '小明'), typist('2', '小红'), edsger] },
  decorators: (Story) => (
    <OnlineMessageProvider client={client} locale={zhCN}>
      <Story />
    </OnlineMessageProvider>
  ),
  parameters: {
    docs: { source: { code: '<OnlineMessageProvider client={client} locale={zhCN}>…</OnlineMessageProvider>' } },
  },
  play: async ({ canvas }) => {
    await waitFor(() => expect(canvas.getByText(/小明.*小红.*另外 1 人.*正在输入…/)).toBeVisible())
  },
}

const activities: Activity[] = ['typing', 'recording', 'photo', 'video', 'file', 'sticker', 'thinking']

/** Whatever takes a while: `hold` of `useTypingInput` shows it. */
export const Activities: Story = {
  render: (args) => (
    <>
      {activities.map((activity) => (
        <TypingBadge key={activity} announce={args.announce} typists={[typist('1', 'Ada', activity)]} />
      ))}
    </>
  ),
  play: async (context) => {
    await says(`${name('Ada')} is typing…`)(context)
    await says(`${name('Ada')} is recording a voice message…`)(context)
    await says(`${name('Ada')} is thinking…`)(context)
  },
}

/** One of them as Ann sees it. */
export const RecordingOneToOne: Story = {
  render: (args) => (
    <Pair
      ann={<TypingBadge announce={args.announce} conversation={{ user: 'bob' }} />}
      bob={<Does activity="recording" />}
    />
  ),
  parameters: { docs: { source: { code: "<TypingBadge conversation={{ user: 'bob' }} />" } } },
  play: says('The other party is recording a voice message…'),
}

/** Other words, for eyes and ears. */
export const OwnWords: Story = {
  args: { typists: [ada, grace], format: ({ total }) => `${total} pens are moving` },
  play: says('2 pens are moving'),
}

/** Another look, for eyes only: what is spoken stays. */
export const OwnLook: Story = {
  args: { typists: [ada, grace], announce: true, children: ({ total }: { total: number }) => <b>✎ {total}</b> },
  play: async ({ canvas, canvasElement }) => {
    await expect(canvas.getByText('✎ 2')).toBeVisible()
    await spoken(canvasElement, `${name('Ada')} and ${name('Grace')} are typing…`)
  },
}

/** A screen reader hears a sentence that has held still for two seconds, and never that somebody stopped. */
export const Announced: Story = {
  args: { typists: [ada], announce: true },
  play: async ({ canvasElement }) => {
    await expect(canvasElement.querySelector('[role=status]')).toBeEmptyDOMElement()
    await spoken(canvasElement, `${name('Ada')} is typing…`)
  },
}

/** In lists, and where two badges show one conversation, one of them is enough to hear. */
export const NotAnnounced: Story = {
  args: { typists: [ada], announce: false },
  play: async ({ canvasElement }) => {
    await expect(within(canvasElement).queryByRole('status')).toBeNull()
  },
}

const spoken = (canvasElement: HTMLElement, sentence: string) =>
  waitFor(() => expect(canvasElement.querySelector('[role=status]')).toHaveTextContent(sentence), { timeout: 4000 })

/** Bob, doing something that takes no keys. */
function Does({ activity }: { activity: Activity }): ReactNode {
  const { startActivity: hold } = useTypingInput({ user: 'ann' })
  useEffect(() => hold(activity), [activity, hold])
  return <p>(Bob is at it: {activity}.)</p>
}
