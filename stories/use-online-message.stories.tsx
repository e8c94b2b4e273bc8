import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fireEvent, userEvent, waitFor, within } from 'storybook/test'
import { apiPage } from './docs/api-page.tsx'
import { sourceForApp } from './example-source.ts'
import { SharedVolume } from '../examples/hooks/online-message.tsx'
import source from '../examples/hooks/online-message.tsx?raw'
import { Nudge } from '../examples/hooks/send-result.tsx'
import sendResultSource from '../examples/hooks/send-result.tsx?raw'
import { Pair } from './pair.tsx'

const meta: Meta = {
  title: 'Hooks/useOnlineMessage',
  parameters: { docs: { page: apiPage('useOnlineMessage') } },
}
export default meta

type Story = StoryObj

/** `throttle` keeps the newest value and always sends the last one. `schema` (Standard Schema) drops invalid data. */
export const ThrottledWithASchema: Story = {
  render: () => <Pair ann={<SharedVolume user="bob" />} bob={<SharedVolume user="ann" />} />,
  parameters: { docs: { source: { code: sourceForApp(source) } } },
  play: async ({ canvas }) => {
    const annsSlider = within(canvas.getByRole('region', { name: 'Ann' })).getByRole('slider')
    for (const value of [60, 70, 80, 90]) await fireEvent.change(annsSlider, { target: { value } })
    const bobsSlider = within(canvas.getByRole('region', { name: 'Bob' })).getByRole('slider')
    await waitFor(() => expect(bobsSlider).toHaveValue('90'))
  },
}

/** Sending returns a result: `ok`, or the code of a failure. */
export const SendResult: Story = {
  render: () => (
    <Pair
      ann={<Nudge user="bob" />}
      bob={<Nudge user="ann" />}
      controls={({ disconnect, reconnect }) => (
        <label>
          <span>
            <input type="checkbox" onChange={({ target }) => (target.checked ? disconnect() : reconnect())} /> Ann is
            offline
          </span>
        </label>
      )}
    />
  ),
  parameters: { docs: { source: { code: sourceForApp(sendResultSource) } } },
  play: async ({ canvas }) => {
    const ann = within(canvas.getByRole('region', { name: 'Ann' }))
    const bob = within(canvas.getByRole('region', { name: 'Bob' }))
    await userEvent.click(ann.getByRole('button', { name: 'Nudge' }))
    await ann.findByText('Sent.')
    await bob.findByText('Ann nudges you.')
    await userEvent.click(ann.getByRole('checkbox'))
    await userEvent.click(ann.getByRole('button', { name: 'Nudge' }))
    await ann.findByText('Not sent: offline.')
    await userEvent.click(ann.getByRole('checkbox'))
  },
}
