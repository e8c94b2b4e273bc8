import type { Meta, StoryObj } from '@storybook/react-vite'
import { type ReactNode, useState } from 'react'
import { expect, fireEvent, userEvent, waitFor, within } from 'storybook/test'
import { TypingBadge } from '../src/index.ts'
import type { MemoryTransport } from '../src/transports/memory/index.ts'
import { sourceForApp } from './example-source.ts'
import { inBadgeLabel, labelOf } from './in-badge-label.ts'
import { Pair } from './pair.tsx'
import { createAssistant } from '../examples/recipes/assistant.ts'
import assistantSource from '../examples/recipes/assistant.ts?raw'
import { Board } from '../examples/recipes/cursors.tsx'
import cursorsSource from '../examples/recipes/cursors.tsx?raw'
import { CustomerComposer, DraftPreview } from '../examples/recipes/draft-preview.tsx'
import draftSource from '../examples/recipes/draft-preview.tsx?raw'
import { BadgeWithoutMuted } from '../examples/recipes/muted.tsx'
import mutedSource from '../examples/recipes/muted.tsx?raw'
import { PrivateChat } from '../examples/recipes/privacy.tsx'
import privacySource from '../examples/recipes/privacy.tsx?raw'
import { Reactions } from '../examples/recipes/reactions.tsx'
import reactionsSource from '../examples/recipes/reactions.tsx?raw'
import '../examples/recipes/recipes.css'
import { ThreadComposer } from '../examples/recipes/threads.tsx'
import threadsSource from '../examples/recipes/threads.tsx?raw'

/** docs/recipes.mdx shows these stories. */
const meta: Meta = { title: 'Recipes', tags: ['!autodocs'] }
export default meta

const code = (source: string) => ({ docs: { source: { code: sourceForApp(source), language: 'tsx' } } })

type Context = Parameters<NonNullable<StoryObj['play']>>[0]

const screenOf = ({ canvas }: Context, name: string) => within(canvas.getByRole('region', { name }))

const BOB_IS_TYPING = labelOf('Bob is typing…')
const OTHER_PARTY_IS_TYPING = 'The other party is typing…'

export const Threads: StoryObj = {
  render: () => (
    <Pair
      ann={
        <>
          <small>In the group</small>
          <TypingBadge conversation={{ group: 'team' }} />
          <small>In the thread</small>
          <ThreadComposer group="team" thread="lunch" />
        </>
      }
      bob={
        <>
          <small>In the thread</small>
          <ThreadComposer group="team" thread="lunch" />
        </>
      }
    />
  ),
  parameters: code(threadsSource),
  play: async (context) => {
    await userEvent.type(screenOf(context, 'Bob').getByRole('textbox'), 'Hi')
    await waitFor(() => expect(screenOf(context, 'Ann').getByText(BOB_IS_TYPING)).toBeVisible())
    // Once: only in the thread, and not in the group.
    await expect(screenOf(context, 'Ann').getAllByText(BOB_IS_TYPING)).toHaveLength(1)
  },
}

export const PrivacyBothWays: StoryObj = {
  render: () => <Pair ann={<PrivateChat user="bob" />} bob={<PrivateChat user="ann" />} />,
  parameters: code(privacySource),
  play: async (context) => {
    const ann = screenOf(context, 'Ann')
    const bob = screenOf(context, 'Bob')
    await userEvent.type(bob.getByRole('textbox'), 'Hi')
    await waitFor(() => expect(ann.getByText(OTHER_PARTY_IS_TYPING, inBadgeLabel)).toBeVisible())
    // Ann sees nothing any more, and Bob sees nothing of her.
    await userEvent.click(ann.getByRole('checkbox'))
    await waitFor(() => expect(ann.queryByText(OTHER_PARTY_IS_TYPING, inBadgeLabel)).toBeNull())
    await userEvent.type(ann.getByRole('textbox'), 'Hi')
    await userEvent.type(bob.getByRole('textbox'), ' there')
    await expect(bob.queryByText(OTHER_PARTY_IS_TYPING, inBadgeLabel)).toBeNull()
    await expect(ann.queryByText(OTHER_PARTY_IS_TYPING, inBadgeLabel)).toBeNull()
    await userEvent.click(ann.getByRole('checkbox'))
    await userEvent.type(ann.getByRole('textbox'), '!')
    await waitFor(() => expect(bob.getByText(OTHER_PARTY_IS_TYPING, inBadgeLabel)).toBeVisible())
  },
}

function MuteBob({ group }: { group: string }) {
  const [mutedIds, setMutedIds] = useState<ReadonlySet<string>>(new Set())
  const setBobMuted = (isMuted: boolean) => setMutedIds(new Set(isMuted ? ['bob'] : []))
  return (
    <>
      <BadgeWithoutMuted group={group} mutedIds={mutedIds} />
      <label>
        <span>
          <input type="checkbox" onChange={({ target }) => setBobMuted(target.checked)} /> Mute Bob
        </span>
      </label>
    </>
  )
}

export const MutedPeople: StoryObj = {
  render: () => <Pair ann={<MuteBob group="team" />} bob={<ThreadComposer group="team" />} />,
  parameters: code(mutedSource),
  play: async (context) => {
    const ann = screenOf(context, 'Ann')
    await userEvent.type(screenOf(context, 'Bob').getByRole('textbox'), 'Hi')
    await waitFor(() => expect(ann.getByText(BOB_IS_TYPING)).toBeVisible())
    await userEvent.click(ann.getByRole('checkbox'))
    await waitFor(() => expect(ann.queryByText(BOB_IS_TYPING)).toBeNull())
    await userEvent.click(ann.getByRole('checkbox'))
  },
}

/** Simulates a language model. */
const ask = (question: string) =>
  new Promise<string>((resolve) => setTimeout(() => resolve(`“${question}” is a good question.`), 1500))

function AssistantControls({ transport }: { transport: MemoryTransport }): ReactNode {
  const [answer] = useState(() => createAssistant(transport, ask))
  const [answerText, setAnswerText] = useState('')
  return (
    <>
      <button type="button" onClick={() => void answer({ user: 'bob' }, 'Why?').then(setAnswerText)}>
        Bob has asked why
      </button>
      <p>{answerText}</p>
    </>
  )
}

export const Assistant: StoryObj = {
  render: () => (
    <Pair
      ann={null}
      controls={(transport) => <AssistantControls transport={transport} />}
      bob={<TypingBadge conversation={{ user: 'ann' }} />}
    />
  ),
  parameters: code(assistantSource),
  play: async (context) => {
    await userEvent.click(screenOf(context, 'Ann').getByRole('button'))
    const badge = () => screenOf(context, 'Bob').queryByText('The other party is thinking…', inBadgeLabel)
    await waitFor(() => expect(badge()).toBeVisible())
    await screenOf(context, 'Ann').findByText('“Why?” is a good question.', undefined, { timeout: 4000 })
    await waitFor(() => expect(badge()).toBeNull())
  },
}

const board = { group: 'board' }

export const Cursors: StoryObj = {
  render: () => <Pair ann={<Board conversation={board} />} bob={<Board conversation={board} />} />,
  parameters: code(cursorsSource),
  play: async (context) => {
    const [annsBoard, bobsBoard] = Array.from(context.canvasElement.querySelectorAll<HTMLElement>('.board'))
    const { left, top, width, height } = annsBoard!.getBoundingClientRect()
    for (const share of [0.1, 0.3, 0.5]) {
      await fireEvent.pointerMove(annsBoard!, { clientX: left + width * share, clientY: top + height * share })
    }
    const cursor = await within(bobsBoard!).findByText('Ann')
    await waitFor(() => expect(Number(cursor.style.getPropertyValue('--x'))).toBeCloseTo(0.5, 2))
    await fireEvent.pointerOut(annsBoard!, { relatedTarget: document.body })
    await waitFor(() => expect(bobsBoard).toBeEmptyDOMElement())
  },
}

export const QuickReactions: StoryObj = {
  render: () => <Pair ann={<Reactions conversation={board} />} bob={<Reactions conversation={board} />} />,
  parameters: code(reactionsSource),
  play: async (context) => {
    await userEvent.click(screenOf(context, 'Ann').getByRole('button', { name: 'Ha!' }))
    await within(screenOf(context, 'Bob').getByRole('log')).findByText('Ha!')
  },
}

export const DraftForASupportDesk: StoryObj = {
  render: () => <Pair ann={<CustomerComposer agent="bob" />} bob={<DraftPreview customer="ann" />} />,
  parameters: code(draftSource),
  play: async (context) => {
    const field = screenOf(context, 'Ann').getByRole('textbox')
    const draft = screenOf(context, 'Bob').getByLabelText('Draft')
    await userEvent.type(field, 'My parcel')
    await waitFor(() => expect(draft).toHaveTextContent('My parcel'))
    await userEvent.clear(field)
    await waitFor(() => expect(draft).toBeEmptyDOMElement())
  },
}
