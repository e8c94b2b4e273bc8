import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fireEvent, userEvent, waitFor, within } from 'storybook/test'
import { apiPage } from './docs/api-page.tsx'
import { asInAnApp } from './example-source.ts'
import { SharedVolume } from '../examples/hooks/online-message.tsx'
import source from '../examples/hooks/online-message.tsx?raw'
import { Nudge } from '../examples/hooks/online-message-answer.tsx'
import answerSource from '../examples/hooks/online-message-answer.tsx?raw'
import { Pair } from './pair.tsx'

const meta: Meta = {
  title: 'Hooks/useOnlineMessage',
  parameters: { docs: { page: apiPage('useOnlineMessage') } },
}
export default meta

type Story = StoryObj

/** `throttle` keeps the newest value and always sends the last one; `schema` (Standard Schema) drops what does not fit. */
export const ThrottledWithASchema: Story = {
  render: () => <Pair ann={<SharedVolume with="bob" />} bob={<SharedVolume with="ann" />} />,
  parameters: { docs: { source: { code: asInAnApp(source) } } },
  play: async ({ canvas }) => {
    const slider = within(canvas.getByRole('region', { name: 'Ann' })).getByRole('slider')
    for (const value of [60, 70, 80, 90]) await fireEvent.change(slider, { target: { value } })
    const other = within(canvas.getByRole('region', { name: 'Bob' })).getByRole('slider')
    await waitFor(() => expect(other).toHaveValue('90'))
  },
}

/** The sender is told what became of it. */
export const AnAnswer: Story = {
  render: () => (
    <Pair
      ann={<Nudge user="bob" />}
      bob={<Nudge user="ann" />}
      beside={({ disconnect, reconnect }) => (
        <label>
          <span>
            <input type="checkbox" onChange={({ target }) => (target.checked ? disconnect() : reconnect())} /> Ann is
            offline
          </span>
        </label>
      )}
    />
  ),
  parameters: { docs: { source: { code: asInAnApp(answerSource) } } },
  play: async ({ canvas }) => {
    const ann = within(canvas.getByRole('region', { name: 'Ann' }))
    const bob = within(canvas.getByRole('region', { name: 'Bob' }))
    await userEvent.click(ann.getByRole('button', { name: 'Nudge' }))
    await ann.findByText('Sent.')
    await bob.findByText('Ann nudges you.')
    await userEvent.click(ann.getByRole('checkbox'))
    await userEvent.click(ann.getByRole('button', { name: 'Nudge' }))
    await ann.findByText('offline')
    await userEvent.click(ann.getByRole('checkbox'))
  },
}
