import type { Meta, StoryObj } from '@storybook/react-vite'
import { createOnlineMessageClient, OnlineMessageProvider, type ConnectionState } from '../src/index.ts'
import { createMemoryNetwork } from '../src/transports/memory/index.ts'
import { apiPage } from './docs/api-page.tsx'
import { sourceForApp } from './example-source.ts'
import { ConnectionLine } from '../examples/hooks/connection.tsx'
import source from '../examples/hooks/connection.tsx?raw'

/** A client whose connection never changes. */
const createClientWithConnection = (state: ConnectionState) => {
  const connection = { getState: () => state, getInitialState: () => state, subscribe: () => () => {} }
  const transport = { ...createMemoryNetwork().join({ id: 'ann' }), connection }
  return createOnlineMessageClient({ transport })
}

const meta: Meta = {
  title: 'Hooks/useConnection',
  parameters: { docs: { page: apiPage('useConnection') } },
}
export default meta

const story = (state: ConnectionState, sentence: string): StoryObj => {
  const client = createClientWithConnection(state)
  return {
    render: () => (
      <OnlineMessageProvider client={client}>
        <ConnectionLine />
      </OnlineMessageProvider>
    ),
    parameters: { docs: { source: { code: sourceForApp(source) } } },
    play: async ({ canvas }) => {
      await canvas.findByText(sentence)
    },
  }
}

export const Online: StoryObj = story('online', 'You are online.')
export const Connecting: StoryObj = story('connecting', 'Connecting…')
export const Offline: StoryObj = story('offline', 'You are offline: nobody sees you type.')
