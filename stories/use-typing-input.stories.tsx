import type { Meta, StoryObj } from '@storybook/react-vite'
import type { ReactNode } from 'react'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { TypingBadge } from '../src/index.ts'
import { apiPage } from './docs/api-page.tsx'
import { sourceForApp } from './example-source.ts'
import { RichText } from '../examples/hooks/content-editable.tsx'
import richTextSource from '../examples/hooks/content-editable.tsx?raw'
import { Field } from '../examples/hooks/field.tsx'
import fieldSource from '../examples/hooks/field.tsx?raw'
import { Recorder } from '../examples/hooks/start-activity.tsx'
import recorderSource from '../examples/hooks/start-activity.tsx?raw'
import { TextArea } from '../examples/hooks/text-area.tsx'
import textAreaSource from '../examples/hooks/text-area.tsx?raw'
import { WrappedEditor } from '../examples/hooks/wrapped-editor.tsx'
import wrappedEditorSource from '../examples/hooks/wrapped-editor.tsx?raw'
import { Pair } from './pair.tsx'

const meta: Meta = {
  title: 'Hooks/useTypingInput',
  parameters: { docs: { page: apiPage('useTypingInput') } },
}
export default meta

type Story = StoryObj

const bobsBadge = <TypingBadge conversation={{ user: 'ann' }} announce={false} />

const story = (composer: ReactNode, source: string): Story => ({
  render: () => <Pair ann={composer} bob={bobsBadge} />,
  parameters: { docs: { source: { code: sourceForApp(source) } } },
  play: async ({ canvas }) => {
    const field = within(canvas.getByRole('region', { name: 'Ann' })).getByRole('textbox')
    const bob = within(canvas.getByRole('region', { name: 'Bob' }))
    await userEvent.click(field)
    await userEvent.keyboard('{Shift}{Control}{Escape}')
    await expect(bob.queryByText('The other party is typing…')).toBeNull()
    await userEvent.keyboard('Hi')
    await waitFor(() => expect(bob.getByText('The other party is typing…')).toBeVisible())
    await userEvent.clear(field)
    await waitFor(() => expect(bob.queryByText('The other party is typing…')).toBeNull())
  },
})

export const OnAnInput: Story = story(<Field user="bob" />, fieldSource)

export const OnATextarea: Story = story(<TextArea user="bob" />, textAreaSource)

export const OnContentEditable: Story = story(<RichText user="bob" />, richTextSource)

/** For an editor that takes no props of yours. */
export const AroundAnEditor: Story = story(
  <WrappedEditor user="bob" editor={<div contentEditable role="textbox" aria-label="Message" />} />,
  wrappedEditorSource,
)

/** `startActivity` shows what needs no keys: a recording, an upload, an assistant that thinks. */
export const StartActivity: Story = {
  render: () => <Pair ann={<Recorder user="bob" />} bob={bobsBadge} />,
  parameters: { docs: { source: { code: sourceForApp(recorderSource) } } },
  play: async ({ canvas }) => {
    const ann = within(canvas.getByRole('region', { name: 'Ann' }))
    const bob = within(canvas.getByRole('region', { name: 'Bob' }))
    await userEvent.click(ann.getByRole('button', { name: 'Record' }))
    await bob.findByText('The other party is recording a voice message…')
    await userEvent.click(ann.getByRole('button', { name: 'Stop' }))
    await waitFor(() => expect(bob.queryByText('The other party is recording a voice message…')).toBeNull())
  },
}
