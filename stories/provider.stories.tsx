import type { Meta, StoryObj } from '@storybook/react-vite'
import { type ReactNode, useEffect, useState } from 'react'
import { waitFor, expect } from 'storybook/test'
import { createOnlineMessageClient } from '../src/index.ts'
import { createMemoryNetwork } from '../src/transports/memory/index.ts'
import { apiPage } from './docs/api-page.tsx'
import { sourceForApp } from './example-source.ts'
import { App } from '../examples/hooks/provider.tsx'
import providerSource from '../examples/hooks/provider.tsx?raw'
import socketSource from '../examples/hooks/socket.ts?raw'

const code = `// socket.ts\n${sourceForApp(socketSource)}\n// app.tsx\n${sourceForApp(providerSource)}`

const meta: Meta = {
  title: 'OnlineMessageProvider',
  parameters: { docs: { page: apiPage('OnlineMessageProvider') } },
}
export default meta

const createClients = () => {
  const network = createMemoryNetwork()
  return {
    ann: createOnlineMessageClient({ transport: network.join({ id: 'ann' }) }),
    bob: createOnlineMessageClient({ transport: network.join({ id: 'bob' }) }),
  }
}

/** Ann's app, while Bob types to her. */
function AnnsApp(): ReactNode {
  const [{ ann, bob }] = useState(createClients)
  useEffect(() => bob.typing({ user: 'ann' }).startActivity('typing'), [bob])
  return <App client={ann} />
}

/** Gives the client and the language to all components inside. */
export const InGerman: StoryObj = {
  render: () => <AnnsApp />,
  parameters: { docs: { source: { code, language: 'tsx' } } },
  play: async ({ canvas }) => {
    await waitFor(() => expect(canvas.getByText(/schreibt/)).toBeVisible())
  },
}
