import type { Meta, StoryObj } from '@storybook/react-vite'
import { type ReactNode, useState } from 'react'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { apiPage } from './docs/api-page.tsx'
import { asInAnApp } from './example-source.ts'
import { Latest } from '../examples/hooks/client.tsx'
import source from '../examples/hooks/client.tsx?raw'
import { Field } from '../examples/hooks/field.tsx'
import { Pair } from './pair.tsx'

const meta: Meta = {
  title: 'Hooks/useOnlineMessageClient',
  parameters: { docs: { page: apiPage('useOnlineMessageClient') } },
}
export default meta

function Chat(): ReactNode {
  // Stands in for the app's own messages.
  const [arrived] = useState(() => new EventTarget())
  const [onMessage] = useState(() => (listener: (text: string) => void) => {
    const hear = () => listener('See you at eight.')
    arrived.addEventListener('message', hear)
    return () => arrived.removeEventListener('message', hear)
  })
  return (
    <Pair
      ann={<Latest user="bob" onMessage={onMessage} />}
      bob={<Field to="ann" />}
      beside={() => (
        <button type="button" onClick={() => arrived.dispatchEvent(new Event('message'))}>
          Bob’s message arrives
        </button>
      )}
    />
  )
}

/** `clearTypist` takes off whose message has arrived: nobody is seen typing below what they have just said. */
export const ClearTypist: StoryObj = {
  render: () => <Chat />,
  parameters: { docs: { source: { code: asInAnApp(source), language: 'tsx' } } },
  play: async ({ canvas }) => {
    const ann = within(canvas.getByRole('region', { name: 'Ann' }))
    const seen = () => ann.queryByText('The other party is typing…', { selector: '[data-part=label]' })
    await userEvent.type(within(canvas.getByRole('region', { name: 'Bob' })).getByRole('textbox'), 'See you')
    await waitFor(() => expect(seen()).toBeVisible())
    await userEvent.click(ann.getByRole('button'))
    await ann.findByText('See you at eight.')
    await waitFor(() => expect(seen()).toBeNull())
  },
}
