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
import { labelOf } from './in-badge-label.ts'
import { isolated } from './isolated-name.ts'
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
  // A screen reader should not read out every badge of this page.
  args: { announce: false },
  // Storybook would put the quotes of the default into quotes.
  argTypes: { variant: { table: { defaultValue: { summary: "'text'" } } } },
  parameters: {
    docs: {
      description: {
        component:
          'Shows who is typing. Give it a `conversation`, and it subscribes to its typists, or give it `typists` of your own. It always takes up its space, so nothing moves when it appears. Its four variants, their animation for each activity and how to style them are under Looks.',
      },
    },
  },
}
export default meta

type Story = StoryObj<typeof TypingBadge>

const showsSentence = (sentence: string): NonNullable<Story['play']> => {
  return ({ canvas }) => waitFor(() => expect(canvas.getByText(labelOf(sentence))).toBeVisible())
}

/** Ann's badge while Bob types to her. A one-to-one conversation needs no name. */
export const OneToOne: Story = {
  render: (args) => (
    <Pair
      ann={<TypingBadge announce={args.announce} conversation={{ user: 'bob' }} />}
      bob={<DoActivity activity="typing" />}
    />
  ),
  parameters: { docs: { source: { code: "<TypingBadge conversation={{ user: 'bob' }} />" } } },
  play: showsSentence('The other party is typing…'),
}

/** Nobody types: an empty line that is as high as a full one. */
export const Nobody: Story = {
  args: { typists: [] },
  play: async ({ canvasElement }) => {
    const badge = canvasElement.querySelector('[data-typing-badge]')
    await expect(badge).toHaveTextContent('')
    await expect(badge!.getBoundingClientRect().height).toBeGreaterThan(10)
  },
}

export const OnePerson: Story = { args: { typists: [ada] }, play: showsSentence('Ada is typing…') }

export const TwoPeople: Story = {
  args: { typists: [ada, grace] },
  play: showsSentence('Ada and Grace are typing…'),
}

/** The badge shows two names at most and counts the others. `total` may be greater than the number of `typists`. */
export const Crowd: Story = {
  args: { typists: [ada, grace, edsger], total: 1234 },
  play: showsSentence('Ada, Grace and 1,232 others are typing…'),
}

export const NobodyHasAName: Story = {
  args: { typists: [typist('1'), typist('2'), typist('3')] },
  play: showsSentence('3 people are typing…'),
}

export const OneWithoutAName: Story = { args: { typists: [typist('1')] }, play: showsSentence('Somebody is typing…') }

/** A long name is cut. In a sentence that is still too long for its space, the names shrink. */
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

/** Arabic names do not reverse the order of an English sentence. */
export const ArabicNames: Story = {
  args: { typists: [typist('1', 'ليلى'), typist('2', 'عمر')] },
  play: showsSentence('ليلى and عمر are typing…'),
}

/** A name may look like a number. */
export const ANumberForAName: Story = {
  args: { typists: [typist('1', '3'), typist('2', 'Ada')] },
  play: showsSentence('3 and Ada are typing…'),
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
    await waitFor(() => expect(canvas.getByText(labelOf('小明、小红和另外 1 人正在输入…'))).toBeVisible())
  },
}

const activities: Activity[] = ['typing', 'recording', 'photo', 'video', 'file', 'sticker', 'thinking']

/** Activities other than typing are shown with `startActivity` of `useTypingInput`. */
export const Activities: Story = {
  render: (args) => (
    <>
      {activities.map((activity) => (
        <TypingBadge key={activity} announce={args.announce} typists={[typist('1', 'Ada', activity)]} />
      ))}
    </>
  ),
  play: async (context) => {
    await showsSentence('Ada is typing…')(context)
    await showsSentence('Ada is recording a voice message…')(context)
    await showsSentence('Ada is thinking…')(context)
  },
}

/** Ann's badge while Bob records a voice message. */
export const RecordingOneToOne: Story = {
  render: (args) => (
    <Pair
      ann={<TypingBadge announce={args.announce} conversation={{ user: 'bob' }} />}
      bob={<DoActivity activity="recording" />}
    />
  ),
  parameters: { docs: { source: { code: "<TypingBadge conversation={{ user: 'bob' }} />" } } },
  play: showsSentence('The other party is recording a voice message…'),
}

/** `format` changes both the label and the announcement. */
export const OwnWords: Story = {
  args: { typists: [ada, grace], format: ({ total }) => `${total} pens are moving` },
  parameters: {
    docs: {
      source: {
        code: '<TypingBadge conversation={{ group }} format={({ total }) => `${total} pens are moving`} />',
      },
    },
  },
  play: showsSentence('2 pens are moving'),
}

/** `children` changes the label only. The announcement stays as it is. */
export const OwnLook: Story = {
  args: { typists: [ada, grace], announce: true, children: ({ total }: { total: number }) => <b>✎ {total}</b> },
  play: async ({ canvas, canvasElement }) => {
    await expect(canvas.getByText('✎ 2')).toBeVisible()
    await announces(canvasElement, `${isolated('Ada')} and ${isolated('Grace')} are typing…`)
  },
}

/** A screen reader announces a sentence once it has not changed for two seconds, and never that somebody stopped. */
export const Announced: Story = {
  args: { typists: [ada], announce: true },
  play: async ({ canvasElement }) => {
    await expect(canvasElement.querySelector('[role=status]')).toBeEmptyDOMElement()
    await announces(canvasElement, `${isolated('Ada')} is typing…`)
  },
}

/** Use `announce={false}` in lists, and where a second badge shows the same conversation. */
export const NotAnnounced: Story = {
  args: { typists: [ada], announce: false },
  play: async ({ canvas, canvasElement }) => {
    await expect(within(canvasElement).queryByRole('status')).toBeNull()
    await expect(canvas.getByText(labelOf('Ada is typing…'))).not.toHaveAttribute('aria-hidden')
  },
}

const announces = (canvasElement: HTMLElement, sentence: string) =>
  waitFor(() => expect(canvasElement.querySelector('[role=status]')).toHaveTextContent(sentence), { timeout: 4000 })

/** Keeps up an activity for as long as it is mounted. */
function DoActivity({ activity }: { activity: Activity }): ReactNode {
  const { startActivity } = useTypingInput({ user: 'ann' })
  useEffect(() => startActivity(activity), [activity, startActivity])
  return <p>(Bob’s activity: {activity}.)</p>
}
