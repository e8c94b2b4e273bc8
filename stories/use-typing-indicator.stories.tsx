import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { apiPage } from './docs/api-page.tsx'
import { sourceForApp } from './example-source.ts'
import { Chat } from '../examples/hooks/typing-indicator.tsx'
import source from '../examples/hooks/typing-indicator.tsx?raw'
import { TeamChat } from '../examples/hooks/typing-indicator-own-words.tsx'
import ownWordsSource from '../examples/hooks/typing-indicator-own-words.tsx?raw'
import { inBadgeLabel } from './in-badge-label.ts'
import { Pair } from './pair.tsx'

const meta: Meta = {
  title: 'Hooks/useTypingIndicator',
  parameters: { docs: { page: apiPage('useTypingIndicator') } },
}
export default meta

type Story = StoryObj

/** Type on one side and watch the other. */
export const OneToOne: Story = {
  render: () => <Pair ann={<Chat user="bob" />} bob={<Chat user="ann" />} />,
  parameters: { docs: { source: { code: sourceForApp(source) } } },
  play: async ({ canvas }) => {
    const ann = within(canvas.getByRole('region', { name: 'Ann' }))
    const bob = within(canvas.getByRole('region', { name: 'Bob' }))
    const field = ann.getByRole('textbox')
    await userEvent.type(field, 'Hi')
    await waitFor(() => expect(bob.getByText('The other party is typing…', inBadgeLabel)).toBeVisible())
    await expect(ann.queryByText('The other party is typing…', inBadgeLabel)).toBeNull()
    await userEvent.clear(field)
    await waitFor(() => expect(bob.queryByText('The other party is typing…', inBadgeLabel)).toBeNull())
  },
}

/** You do not need the badge: `typists` are plain data. */
export const OwnWordsInAGroup: Story = {
  render: () => <Pair ann={<TeamChat group="team" />} bob={<TeamChat group="team" />} />,
  parameters: { docs: { source: { code: sourceForApp(ownWordsSource) } } },
  play: async ({ canvas }) => {
    const ann = within(canvas.getByRole('region', { name: 'Ann' }))
    const bob = within(canvas.getByRole('region', { name: 'Bob' }))
    await userEvent.type(ann.getByRole('textbox'), 'Hi')
    await bob.findByText('Writing now: Ann')
    await userEvent.clear(ann.getByRole('textbox'))
    await bob.findByText('Nobody is writing.')
  },
}
