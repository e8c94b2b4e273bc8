import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { createInPageServer } from '../examples/two-people/in-page-server.ts'
import { otherThan, people } from '../examples/two-people/people.ts'
import { liveServer } from '../examples/two-people/socket.ts'
import { TwoPeople } from '../examples/two-people/two-people.tsx'
import { TwoTabs } from '../examples/two-people/two-tabs.tsx'
import { createOnlineMessageClient } from '../src/index.ts'
import { createBroadcastChannelTransport } from '../src/transports/broadcast-channel/index.ts'
import { inBadgeLabel } from './in-badge-label.ts'

/**
 * The page of `npm start`. In `npm run storybook` it talks to a real Socket.IO server. A built Storybook has no server, so
 * there the page uses a simulated one.
 */
const meta: Meta<typeof TwoPeople> = {
  title: 'Live',
  component: TwoPeople,
  // Live comes first in the sidebar, and its first entry should be the page itself.
  tags: ['!autodocs'],
  parameters: { layout: 'fullscreen' },
}
export default meta

type Story = StoryObj<typeof TwoPeople>

export const TwoPeopleTyping: Story = {
  name: 'Two people',
  args: { server: import.meta.env.LIVE ? liveServer : createInPageServer() },
}

/** Open this page in two tabs. It needs no server. */
export const TwoTabsTyping: StoryObj = {
  name: 'Two tabs',
  render: () => <TwoTabs />,
}

/** Tests the first story. Not in the sidebar, because a reader would see a chat that writes by itself. */
export const Tested: Story = {
  tags: ['!dev'],
  args: { server: createInPageServer() },
  play: async ({ canvas }) => {
    const ann = within(canvas.getByRole('region', { name: 'Ann' }))
    const bob = within(canvas.getByRole('region', { name: 'Bob' }))

    await userEvent.type(ann.getByRole('textbox', { name: 'Message' }), 'Hello')
    await waitFor(() => expect(bob.getByText('The other party is typing…', inBadgeLabel)).toBeVisible())

    await userEvent.keyboard('{Enter}')
    await within(bob.getByRole('log')).findByText('Hello')
    await waitFor(() => expect(bob.queryByText('The other party is typing…', inBadgeLabel)).toBeNull())
    await canvas.findByText('1 message')

    // A message waits until its sender is online again. Typing does not wait.
    await userEvent.click(bob.getByRole('button', { name: 'Go offline' }))
    await bob.findByText('Offline')
    await userEvent.type(bob.getByRole('textbox', { name: 'Message' }), 'Later{Enter}')
    await expect(within(ann.getByRole('log')).queryByText('Later')).toBeNull()
    await userEvent.click(bob.getByRole('button', { name: 'Go online' }))
    await within(ann.getByRole('log')).findByText('Later')

    await userEvent.click(bob.getByRole('button', { name: 'Reload' }))
    await within(bob.getByRole('log')).findByText('Hello')
  },
}

/** Here a client without a page replaces the other tab. test/e2e/storybook.test.ts opens two real tabs. */
export const TwoTabsTested: StoryObj = {
  ...TwoTabsTyping,
  tags: ['!dev'],
  play: async ({ canvas }) => {
    const screen = await canvas.findByRole('region')
    const me = people.find(({ name }) => name === screen.ariaLabel)!
    const otherTab = createOnlineMessageClient({
      transport: createBroadcastChannelTransport({ user: otherThan(me) }),
    })
    const receivedTexts: unknown[] = []
    const unsubscribe = otherTab.subscribe({ user: me.id }, 'chat', ({ data }) => receivedTexts.push(data))

    await userEvent.type(canvas.getByRole('textbox', { name: 'Message' }), 'Hi{Enter}')
    await waitFor(() => expect(receivedTexts).toEqual(['Hi']))

    const otherTyping = otherTab.typing({ user: me.id })
    otherTyping.keystroke('H')
    await canvas.findByText('The other party is typing…', inBadgeLabel)
    otherTyping.stop()
    await otherTab.send({ user: me.id }, 'chat', 'Hello')
    await within(canvas.getByRole('log')).findByText('Hello')
    await waitFor(() => expect(canvas.queryByText('The other party is typing…', inBadgeLabel)).toBeNull())
    unsubscribe()
  },
}
