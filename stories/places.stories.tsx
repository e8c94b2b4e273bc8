import type { Meta, StoryObj } from '@storybook/react-vite'
import { type ReactNode, useState } from 'react'
import { expect, userEvent, waitFor } from 'storybook/test'
import badgeOrTextCss from '../examples/places/badge-or-text.css?raw'
import { Composer } from '../examples/places/composer.tsx'
import composerSource from '../examples/places/composer.tsx?raw'
import { Subtitle } from '../examples/places/connection.tsx'
import connectionSource from '../examples/places/connection.tsx?raw'
import { ConversationRow } from '../examples/places/conversation-row.tsx'
import rowSource from '../examples/places/conversation-row.tsx?raw'
import { ChatHeader } from '../examples/places/header.tsx'
import headerSource from '../examples/places/header.tsx?raw'
import { MessageList } from '../examples/places/message-list.tsx'
import listSource from '../examples/places/message-list.tsx?raw'
import { ThreadLink, ThreadPane } from '../examples/places/thread.tsx'
import threadSource from '../examples/places/thread.tsx?raw'
import { type ConnectionState, type Conversation, useOnlineMessage, useOnlineMessageClient } from '../src/index.ts'
import { sourceForApp } from './example-source.ts'
import { expectNoLayoutShift } from './expect-no-layout-shift.ts'
import { type OtherPerson, SimulatedChat } from './simulated-chat.tsx'

const meta: Meta = {
  title: 'Places',
  parameters: {
    docs: {
      description: {
        component:
          'Where a chat shows who types. Each place runs the library itself, on a network inside the page: make the others type with the checkboxes. Nothing moves when the badge appears and disappears.',
      },
    },
  },
}
export default meta

const group: Conversation = { group: 'bridge' }
const membersOfTheGroup: readonly OtherPerson[] = ['Ada', 'Grace', 'Edsger'].map((name) => ({
  name,
  conversation: group,
}))
const onlyAda: readonly OtherPerson[] = [{ name: 'Ada', conversation: { user: 'me' } }]

const code = (source: string) => ({
  docs: { source: { code: sourceForApp(source), language: 'tsx' } },
})

const codeWithCss = (source: string) => code(`${source}\n/* badge-or-text.css */\n${badgeOrTextCss}`)

type Context = Parameters<NonNullable<StoryObj['play']>>[0]

const toggle = async ({ canvas }: Context, ...labels: string[]) => {
  for (const name of labels) await userEvent.click(canvas.getByRole('checkbox', { name }))
}

/** Waits until the badges in which somebody types show these texts, in the order of the page. */
const showsBadges = async ({ canvasElement }: Context, ...texts: string[]) => {
  const labels = () => Array.from(canvasElement.querySelectorAll('[data-state=typing] > [data-part=label]'))
  const textOf = (label: Element) => label.textContent.replace(/\s+/g, ' ')
  await waitFor(() => expect(labels().map(textOf)).toEqual(texts))
}

/** The texts of all badges on the page, for one, two and three typists. */
interface ExpectedBadges {
  readonly ada: readonly string[]
  readonly adaAndGrace: readonly string[]
  readonly allThree: readonly string[]
}

/** Nobody, Ada, Ada and Grace, all three, nobody, without a layout shift. Ends with Ada, for people who look at the story. */
const startAndStop =
  ({ ada, adaAndGrace, allThree }: ExpectedBadges): NonNullable<StoryObj['play']> =>
  async (context) => {
    await showsBadges(context, ...ada)
    await toggle(context, 'Ada types')
    await showsBadges(context)
    await expectNoLayoutShift(context.canvasElement, [
      () => toggle(context, 'Ada types'),
      () => showsBadges(context, ...ada),
      () => toggle(context, 'Grace types'),
      () => showsBadges(context, ...adaAndGrace),
      () => toggle(context, 'Edsger types'),
      () => showsBadges(context, ...allThree),
      () => toggle(context, 'Ada types', 'Grace types', 'Edsger types'),
      () => showsBadges(context),
    ])
    await toggle(context, 'Ada types')
    await showsBadges(context, ...ada)
  }

const ADA_IS_TYPING = 'Ada is typing…'
const startAndStopInSentences = startAndStop({
  ada: [ADA_IS_TYPING],
  adaAndGrace: ['Ada and Grace are typing…'],
  allThree: ['Ada, Grace and 1 other are typing…'],
})

/** The text content of three dots. The style sheet hides it and draws the dots. */
const DOTS = '...'

/** In the line that says when somebody was last seen. The style sheet shows either the badge or that text. */
export const HeaderSubtitle: StoryObj = {
  render: () => (
    <SimulatedChat others={onlyAda}>
      <div className="screen">
        <ChatHeader conversation={{ user: 'ada' }} title="Ada Lovelace" subtitle="last seen today at 12:04" />
      </div>
    </SimulatedChat>
  ),
  parameters: codeWithCss(headerSource),
  play: async (context) => {
    const { canvas, canvasElement } = context
    const sentence = 'The other party is typing…'
    const subtitle = () => canvas.getByText('last seen today at 12:04')
    await showsBadges(context, sentence)
    await expect(subtitle()).not.toBeVisible()
    await toggle(context, 'Ada types')
    await waitFor(() => expect(subtitle()).toBeVisible())
    await expectNoLayoutShift(canvasElement, [
      () => toggle(context, 'Ada types'),
      () => showsBadges(context, sentence),
      () => expect(subtitle()).not.toBeVisible(),
      () => toggle(context, 'Ada types'),
      () => waitFor(() => expect(subtitle()).toBeVisible()),
    ])
    await toggle(context, 'Ada types')
    await showsBadges(context, sentence)
  },
}

/** The same in a group: two names at most. In a sentence that is too long, the names shrink. */
export const HeaderSubtitleOfAGroup: StoryObj = {
  render: () => (
    <SimulatedChat others={membersOfTheGroup}>
      <div className="screen">
        <ChatHeader conversation={group} title="Bridge club" subtitle="12 members" />
      </div>
    </SimulatedChat>
  ),
  parameters: codeWithCss(headerSource),
  play: startAndStopInSentences,
}

const composer = (variant: 'text' | 'avatars'): ReactNode => (
  <SimulatedChat others={membersOfTheGroup}>
    <div className="screen">
      <Composer conversation={group} variant={variant} onSend={() => {}} />
    </div>
  </SimulatedChat>
)

/** The line is always there. Your own typing is not shown to you. */
export const UnderTheComposer: StoryObj = {
  render: () => <>{composer('text')}</>,
  parameters: code(composerSource),
  play: async (context) => {
    await startAndStopInSentences(context)
    const field = context.canvas.getByRole('textbox')
    await userEvent.type(field, 'Hello')
    await showsBadges(context, ADA_IS_TYPING)
    await userEvent.clear(field)
  },
}

/** With pictures or initials instead of a sentence. */
export const UnderTheComposerAvatars: StoryObj = {
  render: () => <>{composer('avatars')}</>,
  parameters: code(composerSource),
  play: startAndStop({ ada: [`A ${DOTS}`], adaAndGrace: [`AG ${DOTS}`], allThree: [`AGE ${DOTS}`] }),
}

const history = [
  'Is anybody at the club on Thursday?',
  'I am.',
  'So am I, with the new cards.',
  'Then we need a fourth.',
  'I could ask my neighbour, she plays better than all of us.',
  'Please do!',
  'She says yes, if there is cake.',
  'There is always cake.',
].map((text, id) => ({ id, from: ['Grace', 'Ada', 'Edsger'][id % 3]!, text }))

/** Simulates the app's own messages, which come from its own server. */
function Messages({ conversation }: { conversation: Conversation }) {
  const client = useOnlineMessageClient()
  const [messages, setMessages] = useState(history)
  useOnlineMessage<string>({
    conversation,
    command: 'chat',
    onMessage: ({ data: text, from }) => {
      // When a message arrives, its author is no longer shown as typing.
      client.clearTypist(conversation, from.id)
      setMessages((before) => [...before, { id: before.length, from: from.name ?? from.id, text }])
    },
  })
  return <MessageList conversation={conversation} messages={messages} />
}

/**
 * A bubble at the end of the list. A reader who is at the end sees it, and a new message scrolls the list. For a reader who
 * is further up, nothing moves.
 */
export const LastInTheMessageList: StoryObj = {
  render: () => (
    <SimulatedChat
      others={membersOfTheGroup}
      controls={({ sendAs }) => (
        <button type="button" onClick={() => sendAs('Ada', 'And who brings the coffee?')}>
          Ada sends
        </button>
      )}
    >
      <div className="screen">
        <Messages conversation={group} />
      </div>
    </SimulatedChat>
  ),
  parameters: code(listSource),
  play: async (context) => {
    const { canvas, canvasElement } = context
    const list = canvas.getByRole('group', { name: 'Conversation' })
    const bubble = canvasElement.querySelector('[data-typing-badge]')!
    const distanceFromEnd = () => Math.round(list.scrollHeight - list.scrollTop - list.clientHeight)
    const isBubbleInView = () => bubble.getBoundingClientRect().bottom <= list.getBoundingClientRect().bottom
    const sendAsAda = () => userEvent.click(canvas.getByRole('button', { name: 'Ada sends' }))
    const receivesMessages = (count: number) =>
      waitFor(() => expect(canvas.queryAllByText('And who brings the coffee?')).toHaveLength(count))

    // At the end: the bubble is in view, nothing moves when it appears, and a new message scrolls the list.
    await expect(distanceFromEnd()).toBe(0)
    await startAndStop({ ada: [DOTS], adaAndGrace: [DOTS], allThree: [DOTS] })(context)
    await expect(distanceFromEnd()).toBe(0)
    await expect(isBubbleInView()).toBe(true)
    await sendAsAda()
    await receivesMessages(1)
    await showsBadges(context)
    await waitFor(() => expect(distanceFromEnd()).toBe(0))

    // Further up: neither the bubble nor a message scrolls the list.
    list.scrollTo(0, 20)
    await waitFor(() => expect(list.scrollTop).toBe(20))
    await toggle(context, 'Grace types')
    await expectNoLayoutShift(
      canvasElement,
      [() => toggle(context, 'Ada types'), sendAsAda, () => receivesMessages(2)],
      '.messages p',
    )
    await expect(list.scrollTop).toBe(20)
    await expect(isBubbleInView()).toBe(false)

    list.scrollTo(0, list.scrollHeight)
    await waitFor(() => expect(isBubbleInView()).toBe(true))
    await showsBadges(context, DOTS)
  },
}

const GROUP_NAMES = [
  'Bridge club',
  'Chess',
  'Allotment 12',
  'Choir',
  'Running',
  'Book club',
  'School parents',
  'Tenants',
]
const LAST_MESSAGES = [
  'See you on Monday.',
  'Thanks!',
  'Has anybody found a red umbrella? It was left at the door.',
  'Perfect.',
]
const rows = Array.from({ length: 200 }, (_, n) => ({
  group: `group ${n}`,
  name: `${GROUP_NAMES[n % GROUP_NAMES.length]!} ${Math.floor(n / GROUP_NAMES.length) || ''}`.trim(),
  lastMessage: LAST_MESSAGES[n % LAST_MESSAGES.length]!,
  time: `${String(23 - Math.floor(n / 9)).padStart(2, '0')}:${String(59 - ((n * 7) % 60)).padStart(2, '0')}`,
}))
const peopleInTwoRows: readonly OtherPerson[] = [
  { name: 'Ada', conversation: { group: 'group 0' } },
  { name: 'Grace', conversation: { group: 'group 2' } },
  { name: 'Edsger', conversation: { group: 'group 2' } },
]

const conversationList = (variant: 'text' | 'dots', play: NonNullable<StoryObj['play']>): StoryObj => ({
  render: () => (
    <SimulatedChat others={peopleInTwoRows}>
      <div className="screen">
        <ul className="rows" tabIndex={0} aria-label="Conversations">
          {rows.map((row) => (
            <ConversationRow key={row.group} variant={variant} {...row} />
          ))}
        </ul>
      </div>
    </SimulatedChat>
  ),
  parameters: codeWithCss(rowSource),
  play: async (context) => {
    const items = context.canvas.getAllByRole('listitem')
    await expect(items).toHaveLength(200)
    const changedRows = new Set<Element | null>()
    const observer = new MutationObserver((records) => {
      for (const { target } of records) changedRows.add((target as Element).closest('li'))
    })
    observer.observe(items[0]!.parentElement!, { attributes: true, childList: true, subtree: true })
    await play(context)
    observer.disconnect()
    await expect([...changedRows]).toEqual([items[0], items[2]])
  },
})

/** Two hundred rows. The badge replaces the last message. Only rows in which somebody types change. */
export const ConversationList: StoryObj = conversationList(
  'text',
  startAndStop({
    ada: [ADA_IS_TYPING],
    adaAndGrace: [ADA_IS_TYPING, 'Grace is typing…'],
    allThree: [ADA_IS_TYPING, 'Grace and Edsger are typing…'],
  }),
)

/** The same with `dots`. */
export const ConversationListDots: StoryObj = conversationList(
  'dots',
  startAndStop({ ada: [DOTS], adaAndGrace: [DOTS, DOTS], allThree: [DOTS, DOTS] }),
)

const thread = {
  group: 'bridge',
  thread: 'cake',
  replies: ['Which cake will it be?', 'Plum, as long as there are any.', 'Plum it is.'],
}
const peopleInAThread: readonly OtherPerson[] = [
  { name: 'Ada', conversation: { group: 'bridge', thread: 'cake' }, label: 'Ada types in the thread' },
  { name: 'Grace', conversation: group, label: 'Grace types in the group' },
  { name: 'Edsger', conversation: { group: 'bridge', thread: 'cake' }, label: 'Edsger types in the thread' },
]

/** `{ group, thread }` is a conversation of its own. The link to it shows three dots while somebody types there. */
export const ThreadBesideItsGroup: StoryObj = {
  render: () => (
    <SimulatedChat others={peopleInAThread}>
      <div className="panes">
        <section className="screen" aria-label="Bridge club">
          <ChatHeader conversation={group} title="Bridge club" subtitle="12 members" />
          <div className="message-with-thread">
            <p>There is always cake.</p>
            <ThreadLink {...thread} />
          </div>
        </section>
        <div className="screen">
          <ThreadPane {...thread} />
        </div>
      </div>
    </SimulatedChat>
  ),
  parameters: code(threadSource),
  play: async (context) => {
    const [ada, grace, edsger] = peopleInAThread.map(({ label }) => label!) as [string, string, string]
    await showsBadges(context, DOTS, ADA_IS_TYPING)
    await toggle(context, ada)
    await showsBadges(context)
    await expectNoLayoutShift(context.canvasElement, [
      () => toggle(context, ada),
      () => showsBadges(context, DOTS, ADA_IS_TYPING),
      () => toggle(context, grace),
      () => showsBadges(context, 'Grace is typing…', DOTS, ADA_IS_TYPING),
      () => toggle(context, edsger),
      () => showsBadges(context, 'Grace is typing…', DOTS, 'Ada and Edsger are typing…'),
      () => toggle(context, ada, edsger),
      () => showsBadges(context, 'Grace is typing…'),
      () => toggle(context, grace),
      () => showsBadges(context),
    ])
    await toggle(context, ada)
    await showsBadges(context, DOTS, ADA_IS_TYPING)
  },
}

const CONNECTION_LABELS = { online: 'Online', connecting: 'Reconnecting', offline: 'Offline' }

const connectionStory = (state: ConnectionState): StoryObj => ({
  render: () => (
    <SimulatedChat
      others={onlyAda}
      initialConnection={state}
      controls={({ connection, setConnection }) =>
        (['online', 'connecting', 'offline'] as const).map((choice) => (
          <label key={choice}>
            <input type="radio" checked={connection === choice} onChange={() => setConnection(choice)} />
            {CONNECTION_LABELS[choice]}
          </label>
        ))
      }
    >
      <div className="screen">
        <header>
          <h2>Ada Lovelace</h2>
          <Subtitle conversation={{ user: 'ada' }} subtitle="last seen today at 12:04" />
        </header>
      </div>
    </SimulatedChat>
  ),
  parameters: codeWithCss(connectionSource),
  play: async (context) => {
    const { canvas, canvasElement } = context
    const sentence = 'The other party is typing…'
    const connectionText = state === 'offline' ? 'You are offline' : 'Reconnecting…'
    const choose = (choice: ConnectionState) =>
      userEvent.click(canvas.getByRole('radio', { name: CONNECTION_LABELS[choice] }))
    const showsText = (text: string) => waitFor(() => expect(canvas.getByText(text)).toBeVisible())
    // Ada types during all of this.
    await showsBadges(context)
    await showsText(connectionText)
    await choose('online')
    await showsBadges(context, sentence)
    await expectNoLayoutShift(canvasElement, [
      () => choose(state),
      () => showsBadges(context),
      () => showsText(connectionText),
      () => choose('online'),
      () => showsBadges(context, sentence),
      () => toggle(context, 'Ada types'),
      () => showsText('last seen today at 12:04'),
      () => toggle(context, 'Ada types'),
      () => showsBadges(context, sentence),
    ])
    await choose(state)
    await showsText(connectionText)
  },
})

/** Without a connection nobody is shown as typing, and the line says why. Typists return with the connection. */
export const Reconnecting: StoryObj = connectionStory('connecting')

export const Offline: StoryObj = connectionStory('offline')
