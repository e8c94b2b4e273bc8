import type { Meta, StoryObj } from '@storybook/react-vite'
import { userEvent, within } from 'storybook/test'
import { apiPage } from './docs/api-page.tsx'
import { sourceForApp } from './example-source.ts'
import { Field } from '../examples/hooks/field.tsx'
import { ConversationRow } from '../examples/hooks/typists.tsx'
import source from '../examples/hooks/typists.tsx?raw'
import { Pair } from './pair.tsx'

const meta: Meta = {
  title: 'Hooks/useTypists',
  parameters: { docs: { page: apiPage('useTypists') } },
}
export default meta

/** Ann's list of conversations, and Bob's field. */
export const ConversationList: StoryObj = {
  render: () => (
    <Pair
      ann={
        <ul>
          <ConversationRow user="bob" lastMessage="See you on Monday." />
          <ConversationRow user="carol" lastMessage="Thanks!" />
        </ul>
      }
      bob={<Field user="ann" />}
    />
  ),
  parameters: { docs: { source: { code: sourceForApp(source) } } },
  play: async ({ canvas }) => {
    const ann = within(canvas.getByRole('region', { name: 'Ann' }))
    const field = within(canvas.getByRole('region', { name: 'Bob' })).getByRole('textbox')
    await userEvent.type(field, 'Hi')
    await ann.findByText('typing…')
    await ann.findByText('Thanks!')
    await userEvent.clear(field)
    await ann.findByText('See you on Monday.')
  },
}
