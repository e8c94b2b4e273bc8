import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { createInPageServer } from '../examples/two-people/in-page-server.ts'
import { liveServer } from '../examples/two-people/live-server.ts'
import { people } from '../examples/two-people/people.ts'
import { TwoPeople } from '../examples/two-people/two-people.tsx'
import { TwoTabs } from '../examples/two-people/two-tabs.tsx'
import { createOnlineMessageClient } from '../src/index.ts'
import { createBroadcastChannelTransport } from '../src/transports/broadcast-channel/index.ts'

/**
 * The page of `npm start`. Beside a dev server it talks to a real Socket.IO server; in a Storybook that has been built,
 * to one played inside the page.
 */
const meta: Meta<typeof TwoPeople> = {
  title: 'Live',
  component: TwoPeople,
  // It is a page, and the first thing to be seen here.
  tags: ['!autodocs'],
  parameters: { layout: 'fullscreen' },
}
export default meta

type Story = StoryObj<typeof TwoPeople>

/** What is seen, not what a screen reader is told two seconds later. */
const seen = { selector: '[data-part=label]' }

export const TwoPeopleTyping: Story = {
  name: 'Two people',
  args: { server: import.meta.env.LIVE ? liveServer : createInPageServer() },
}

/** Needs no server, built or not: it is opened twice. */
export const TwoTabsTyping: StoryObj = {
  name: 'Two tabs',
  render: () => <TwoTabs />,
}

/** The same by machine. Not in the sidebar: there nobody should find their chat written by somebody else. */
export const Tested: Story = {
  tags: ['!dev'],
  args: { server: createInPageServer() },
  play: async ({ canvas }) => {
    const ann = within(canvas.getByRole('region', { name: 'Ann' }))
    const bob = within(canvas.getByRole('region', { name: 'Bob' }))

    await userEvent.type(ann.getByRole('textbox', { name: 'Message' }), 'Hello')
    await waitFor(() => expect(bob.getByText('The other party is typing…', seen)).toBeVisible())

    await userEvent.keyboard('{Enter}')
    await within(bob.getByRole('log')).findByText('Hello')
    await waitFor(() => expect(bob.queryByText('The other party is typing…', seen)).toBeNull())
    await canvas.findByText('1 message')

    // A message waits for its sender to be online again, typing does not.
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

/** The other tab is played; two real ones: test/e2e/storybook.test.ts */
export const TwoTabsTested: StoryObj = {
  ...TwoTabsTyping,
  tags: ['!dev'],
  play: async ({ canvas }) => {
    const me = await canvas.findByRole('region')
    const [person, other] = people[0]?.name === me.ariaLabel ? people : [...people].reverse()
    const tab = createOnlineMessageClient({ transport: createBroadcastChannelTransport({ user: other! }) })
    const texts: unknown[] = []
    const end = tab.subscribe({ user: person!.id }, 'chat', ({ data }) => texts.push(data))

    await userEvent.type(canvas.getByRole('textbox', { name: 'Message' }), 'Hi{Enter}')
    await waitFor(() => expect(texts).toEqual(['Hi']))

    tab.typing({ user: person!.id }).keystroke('H')
    await canvas.findByText('The other party is typing…', seen)
    tab.typing({ user: person!.id }).stop()
    await tab.send({ user: person!.id }, 'chat', 'Hello')
    await within(canvas.getByRole('log')).findByText('Hello')
    await waitFor(() => expect(canvas.queryByText('The other party is typing…', seen)).toBeNull())
    end()
  },
}
