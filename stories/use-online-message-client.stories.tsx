import type { Meta, StoryObj } from '@storybook/react-vite'
import { type ReactNode, useState } from 'react'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { apiPage } from './docs/api-page.tsx'
import { sourceForApp } from './example-source.ts'
import { LatestMessage } from '../examples/hooks/clear-typist.tsx'
import source from '../examples/hooks/clear-typist.tsx?raw'
import { Field } from '../examples/hooks/field.tsx'
import { inBadgeLabel } from './in-badge-label.ts'
import { Pair } from './pair.tsx'

const meta: Meta = {
  title: 'Hooks/useOnlineMessageClient',
  parameters: { docs: { page: apiPage('useOnlineMessageClient') } },
}
export default meta

/** Simulates the messages of the app's own server. */
function simulateMessages() {
  const listeners = new Set<(text: string) => void>()
  return {
    subscribe(listener: (text: string) => void) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    receiveMessage() {
      for (const listener of listeners) listener('See you at eight.')
    },
  }
}

function Chat(): ReactNode {
  const [{ subscribe, receiveMessage }] = useState(simulateMessages)
  return (
    <Pair
      ann={<LatestMessage user="bob" subscribeToMessages={subscribe} />}
      bob={<Field user="ann" />}
      controls={() => (
        <button type="button" onClick={receiveMessage}>
          Bob’s message arrives
        </button>
      )}
    />
  )
}

/** Call `clearTypist` when a message arrives: nobody is shown as typing below the message that they have just sent. */
export const ClearTypist: StoryObj = {
  render: () => <Chat />,
  parameters: { docs: { source: { code: sourceForApp(source), language: 'tsx' } } },
  play: async ({ canvas }) => {
    const ann = within(canvas.getByRole('region', { name: 'Ann' }))
    const badge = () => ann.queryByText('The other party is typing…', inBadgeLabel)
    await userEvent.type(within(canvas.getByRole('region', { name: 'Bob' })).getByRole('textbox'), 'See you')
    await waitFor(() => expect(badge()).toBeVisible())
    await userEvent.click(ann.getByRole('button'))
    await ann.findByText('See you at eight.')
    await waitFor(() => expect(badge()).toBeNull())
  },
}
