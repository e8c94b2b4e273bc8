import type { Meta, StoryObj } from '@storybook/react-vite'
import type { ReactNode } from 'react'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { TypingBadge } from '../src/index.ts'
import { apiPage } from './docs/api-page.tsx'
import { asInAnApp } from './example-source.ts'
import { Wrapped } from '../examples/hooks/around.tsx'
import wrappedSource from '../examples/hooks/around.tsx?raw'
import { RichText } from '../examples/hooks/content-editable.tsx'
import richTextSource from '../examples/hooks/content-editable.tsx?raw'
import { Field } from '../examples/hooks/field.tsx'
import fieldSource from '../examples/hooks/field.tsx?raw'
import { Recorder } from '../examples/hooks/hold.tsx'
import recorderSource from '../examples/hooks/hold.tsx?raw'
import { TextArea } from '../examples/hooks/text-area.tsx'
import textAreaSource from '../examples/hooks/text-area.tsx?raw'
import { Pair } from './pair.tsx'

const meta: Meta = {
  title: 'Hooks/useTypingInput',
  parameters: { docs: { page: apiPage('useTypingInput') } },
}
export default meta

type Story = StoryObj

const bob = <TypingBadge conversation={{ user: 'ann' }} announce={false} />

const story = (composer: ReactNode, source: string): Story => ({
  render: () => <Pair ann={composer} bob={bob} />,
  parameters: { docs: { source: { code: asInAnApp(source) } } },
  play: async ({ canvas }) => {
    const field = within(canvas.getByRole('region', { name: 'Ann' })).getByRole('textbox')
    const seenByBob = within(canvas.getByRole('region', { name: 'Bob' }))
    await userEvent.click(field)
    await userEvent.keyboard('{Shift}{Control}{Escape}')
    await expect(seenByBob.queryByText('The other party is typing…')).toBeNull()
    await userEvent.keyboard('Hi')
    await waitFor(() => expect(seenByBob.getByText('The other party is typing…')).toBeVisible())
    await userEvent.clear(field)
    await waitFor(() => expect(seenByBob.queryByText('The other party is typing…')).toBeNull())
  },
})

export const OnAnInput: Story = story(<Field to="bob" />, fieldSource)

export const OnATextarea: Story = story(<TextArea to="bob" />, textAreaSource)

export const OnContentEditable: Story = story(<RichText to="bob" />, richTextSource)

/** An editor that takes no props of yours. */
export const AroundAnEditor: Story = story(
  <Wrapped to="bob" editor={<div contentEditable role="textbox" aria-label="Message" />} />,
  wrappedSource,
)

/** `hold` shows what goes on without keys: recording, uploading, an assistant thinking. */
export const Holding: Story = {
  render: () => <Pair ann={<Recorder to="bob" />} bob={bob} />,
  parameters: { docs: { source: { code: asInAnApp(recorderSource) } } },
  play: async ({ canvas }) => {
    const ann = within(canvas.getByRole('region', { name: 'Ann' }))
    const seenByBob = within(canvas.getByRole('region', { name: 'Bob' }))
    await userEvent.click(ann.getByRole('button', { name: 'Record' }))
    await seenByBob.findByText('The other party is recording a voice message…')
    await userEvent.click(ann.getByRole('button', { name: 'Stop' }))
    await waitFor(() => expect(seenByBob.queryByText('The other party is recording a voice message…')).toBeNull())
  },
}
