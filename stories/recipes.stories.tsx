import type { Meta, StoryObj } from '@storybook/react-vite'
import { type ReactNode, useState } from 'react'
import { expect, fireEvent, userEvent, waitFor, within } from 'storybook/test'
import { TypingBadge } from '../src/index.ts'
import type { MemoryTransport } from '../src/transports/memory/index.ts'
import { asInAnApp } from './example-source.ts'
import { Pair } from './pair.tsx'
import { createAssistant } from '../examples/recipes/assistant.ts'
import assistantSource from '../examples/recipes/assistant.ts?raw'
import { Board } from '../examples/recipes/cursors.tsx'
import cursorsSource from '../examples/recipes/cursors.tsx?raw'
import { CustomerComposer, DraftPreview } from '../examples/recipes/draft-preview.tsx'
import draftSource from '../examples/recipes/draft-preview.tsx?raw'
import { WithoutMuted } from '../examples/recipes/muted.tsx'
import mutedSource from '../examples/recipes/muted.tsx?raw'
import { PrivateChat } from '../examples/recipes/privacy.tsx'
import privacySource from '../examples/recipes/privacy.tsx?raw'
import { Reactions } from '../examples/recipes/reactions.tsx'
import reactionsSource from '../examples/recipes/reactions.tsx?raw'
import '../examples/recipes/recipes.css'
import { ThreadComposer } from '../examples/recipes/threads.tsx'
import threadsSource from '../examples/recipes/threads.tsx?raw'

/** Shown on a page of their own: docs/recipes.mdx. */
const meta: Meta = { title: 'Recipes', tags: ['!autodocs'] }
export default meta

const code = (source: string) => ({ docs: { source: { code: asInAnApp(source), language: 'tsx' } } })

type Context = Parameters<NonNullable<StoryObj['play']>>[0]

const on = ({ canvas }: Context, name: string) => within(canvas.getByRole('region', { name }))

/** What is seen, not what a screen reader is told two seconds later. A name is kept apart by two characters. */
const seen = { selector: '[data-part=label]' }
const BOB = '\u2068Bob\u2069 is typing…'
const PARTY = 'The other party is typing…'

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
    await userEvent.type(on(context, 'Bob').getByRole('textbox'), 'Hi')
    await waitFor(() => expect(on(context, 'Ann').getByText(BOB, seen)).toBeVisible())
    // Once: not in the group.
    await expect(on(context, 'Ann').getAllByText(BOB, seen)).toHaveLength(1)
  },
}

export const PrivacyBothWays: StoryObj = {
  render: () => <Pair ann={<PrivateChat with="bob" />} bob={<PrivateChat with="ann" />} />,
  parameters: code(privacySource),
  play: async (context) => {
    const ann = on(context, 'Ann')
    const bob = on(context, 'Bob')
    await userEvent.type(bob.getByRole('textbox'), 'Hi')
    await waitFor(() => expect(ann.getByText(PARTY, seen)).toBeVisible())
    // Ann sees nothing any more, and Bob sees nothing of her.
    await userEvent.click(ann.getByRole('checkbox'))
    await waitFor(() => expect(ann.queryByText(PARTY, seen)).toBeNull())
    await userEvent.type(ann.getByRole('textbox'), 'Hi')
    await userEvent.type(bob.getByRole('textbox'), ' there')
    await expect(bob.queryByText(PARTY, seen)).toBeNull()
    await expect(ann.queryByText(PARTY, seen)).toBeNull()
    await userEvent.click(ann.getByRole('checkbox'))
    await userEvent.type(ann.getByRole('textbox'), '!')
    await waitFor(() => expect(bob.getByText(PARTY, seen)).toBeVisible())
  },
}

function Mutes({ group }: { group: string }) {
  const [muted, setMuted] = useState<ReadonlySet<string>>(new Set())
  return (
    <>
      <WithoutMuted group={group} muted={muted} />
      <label>
        <span>
          <input type="checkbox" onChange={({ target }) => setMuted(new Set(target.checked ? ['bob'] : []))} /> Mute Bob
        </span>
      </label>
    </>
  )
}

export const MutedPeople: StoryObj = {
  render: () => <Pair ann={<Mutes group="team" />} bob={<ThreadComposer group="team" />} />,
  parameters: code(mutedSource),
  play: async (context) => {
    const ann = on(context, 'Ann')
    await userEvent.type(on(context, 'Bob').getByRole('textbox'), 'Hi')
    await waitFor(() => expect(ann.getByText(BOB, seen)).toBeVisible())
    await userEvent.click(ann.getByRole('checkbox'))
    await waitFor(() => expect(ann.queryByText(BOB, seen)).toBeNull())
    await userEvent.click(ann.getByRole('checkbox'))
  },
}

/** In place of a language model. */
const ask = (question: string) =>
  new Promise<string>((resolve) => setTimeout(() => resolve(`“${question}” is a good question.`), 1500))

function Ask({ device }: { device: MemoryTransport }): ReactNode {
  const [answer] = useState(() => createAssistant(device, ask))
  const [said, setSaid] = useState('')
  return (
    <>
      <button type="button" onClick={() => void answer({ user: 'bob' }, 'Why?').then(setSaid)}>
        Bob has asked why
      </button>
      <p>{said}</p>
    </>
  )
}

export const Assistant: StoryObj = {
  render: () => (
    <Pair
      ann={null}
      beside={(device) => <Ask device={device} />}
      bob={<TypingBadge conversation={{ user: 'ann' }} />}
    />
  ),
  parameters: code(assistantSource),
  play: async (context) => {
    await userEvent.click(on(context, 'Ann').getByRole('button'))
    const thinks = () => on(context, 'Bob').queryByText('The other party is thinking…', seen)
    await waitFor(() => expect(thinks()).toBeVisible())
    await on(context, 'Ann').findByText('“Why?” is a good question.', undefined, { timeout: 4000 })
    await waitFor(() => expect(thinks()).toBeNull())
  },
}

const board = { group: 'board' }

export const Cursors: StoryObj = {
  render: () => <Pair ann={<Board conversation={board} />} bob={<Board conversation={board} />} />,
  parameters: code(cursorsSource),
  play: async (context) => {
    const [mine, theirs] = Array.from(context.canvasElement.querySelectorAll('.board'))
    const { left, top, width, height } = mine!.getBoundingClientRect()
    for (const share of [0.1, 0.3, 0.5]) {
      await fireEvent.pointerMove(mine!, { clientX: left + width * share, clientY: top + height * share })
    }
    const cursor = await within(theirs as HTMLElement).findByText('Ann')
    await waitFor(() => expect(Number(cursor.style.getPropertyValue('--x'))).toBeCloseTo(0.5, 2))
    await fireEvent.pointerOut(mine!, { relatedTarget: document.body })
    await waitFor(() => expect(theirs).toBeEmptyDOMElement())
  },
}

export const QuickReactions: StoryObj = {
  render: () => <Pair ann={<Reactions conversation={board} />} bob={<Reactions conversation={board} />} />,
  parameters: code(reactionsSource),
  play: async (context) => {
    await userEvent.click(on(context, 'Ann').getByRole('button', { name: 'Ha!' }))
    await within(on(context, 'Bob').getByRole('log')).findByText('Ha!')
  },
}

export const DraftForASupportDesk: StoryObj = {
  render: () => <Pair ann={<CustomerComposer agent="bob" />} bob={<DraftPreview customer="ann" />} />,
  parameters: code(draftSource),
  play: async (context) => {
    const field = on(context, 'Ann').getByRole('textbox')
    const draft = on(context, 'Bob').getByLabelText('Draft')
    await userEvent.type(field, 'My parcel')
    await waitFor(() => expect(draft).toHaveTextContent('My parcel'))
    await userEvent.clear(field)
    await waitFor(() => expect(draft).toBeEmptyDOMElement())
  },
}
