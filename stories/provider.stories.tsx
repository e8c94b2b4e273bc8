import type { Meta, StoryObj } from '@storybook/react-vite'
import { type ReactNode, useEffect, useState } from 'react'
import { waitFor, expect } from 'storybook/test'
import { createOnlineMessageClient } from '../src/index.ts'
import { createMemoryNetwork } from '../src/transports/memory/index.ts'
import { apiPage } from './docs/api-page.tsx'
import { asInAnApp } from './example-source.ts'
import { App } from '../examples/hooks/provider.tsx'
import source from '../examples/hooks/provider.tsx?raw'

const meta: Meta = {
  title: 'OnlineMessageProvider',
  parameters: { docs: { page: apiPage('OnlineMessageProvider') } },
}
export default meta

const createPair = () => {
  const network = createMemoryNetwork()
  return ['ann', 'bob'].map((id) => createOnlineMessageClient({ transport: network.join({ id }) }))
}

function Played(): ReactNode {
  const [[ann, bob]] = useState(createPair)
  useEffect(() => bob!.typing({ user: 'ann' }).startActivity('typing'), [bob])
  return <App client={ann!} />
}

/** The client and the language for everything below it. */
export const InGerman: StoryObj = {
  render: () => <Played />,
  parameters: { docs: { source: { code: asInAnApp(source), language: 'tsx' } } },
  play: async ({ canvas }) => {
    await waitFor(() => expect(canvas.getByText(/schreibt/)).toBeVisible())
  },
}
