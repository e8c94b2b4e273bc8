import type { Meta, StoryObj } from '@storybook/react-vite'
import { type ReactNode, useState } from 'react'
import { expect, userEvent, waitFor } from 'storybook/test'
import { type ConnectionState, type Conversation, useOnlineMessage, useOnlineMessageClient } from '../src/index.ts'
import { asInAnApp } from './example-source.ts'
import { Composer } from '../examples/places/composer.tsx'
import composerSource from '../examples/places/composer.tsx?raw'
import { Subtitle } from '../examples/places/connection.tsx'
import connectionSource from '../examples/places/connection.tsx?raw'
import { ConversationRow } from '../examples/places/conversation-row.tsx'
import rowSource from '../examples/places/conversation-row.tsx?raw'
import { ChatHeader } from '../examples/places/header.tsx'
import headerSource from '../examples/places/header.tsx?raw'
import insteadCss from '../examples/places/instead.css?raw'
import { MessageList } from '../examples/places/message-list.tsx'
import listSource from '../examples/places/message-list.tsx?raw'
import { type Other, Stage } from '../examples/places/stage.tsx'
import { staysStill } from '../examples/places/still.ts'
import { ThreadLink, ThreadPane } from '../examples/places/thread.tsx'
import threadSource from '../examples/places/thread.tsx?raw'

const meta: Meta = {
  title: 'Places',
  parameters: {
    docs: {
      description: {
        component:
          'Where a chat shows who types. Everything here runs the library itself, on a network inside the page: switch the others on and off. Nothing moves when the badge comes and goes.',
      },
    },
  },
}
export default meta

const group: Conversation = { group: 'bridge' }
const everybody: readonly Other[] = ['Ada', 'Grace', 'Edsger'].map((name) => ({ name, to: group }))
const adaOnly: readonly Other[] = [{ name: 'Ada', to: { user: 'me' } }]

/** The code as an app would have it, with the style sheet that belongs to it. */
const code = (source: string, css?: string) => ({
  docs: { source: { code: asInAnApp(source) + (css ? `\n/* instead.css */\n${css}` : ''), language: 'tsx' } },
})

type Context = Parameters<NonNullable<StoryObj['play']>>[0]

const press = async ({ canvas }: Context, ...names: string[]) => {
  for (const name of names) await userEvent.click(canvas.getByRole('checkbox', { name }))
}

/** As many badges as that show somebody, and what is seen of them. */
const seen = async ({ canvasElement }: Context, ...sentences: string[]) => {
  const typing = () => Array.from(canvasElement.querySelectorAll('[data-state=typing] > [data-part=label]'))
  // A name is kept apart by two characters nobody sees. Dots are text only for a page without the style sheet.
  const read = (part: Element) => part.textContent.replace(/[\u2068\u2069]/g, '').replace(/\s+/g, ' ')
  await waitFor(() => expect(typing().map(read)).toEqual(sentences))
}

/** Nobody, Ada, all three, nobody; and Ada again, to be looked at. */
const comeAndGo =
  (one: string[], two: string[], many: string[]): NonNullable<StoryObj['play']> =>
  async (context) => {
    await seen(context, ...one)
    await press(context, 'Ada types')
    await seen(context)
    await staysStill(context.canvasElement, [
      () => press(context, 'Ada types'),
      () => seen(context, ...one),
      () => press(context, 'Grace types'),
      () => seen(context, ...two),
      () => press(context, 'Edsger types'),
      () => seen(context, ...many),
      () => press(context, 'Ada types', 'Grace types', 'Edsger types'),
      () => seen(context),
    ])
    await press(context, 'Ada types')
    await seen(context, ...one)
  }

const ONE = 'Ada is typing…'
const inSentences = comeAndGo([ONE], ['Ada and Grace are typing…'], ['Ada, Grace and 1 other are typing…'])
const DOTS = '...'

/** In the line that otherwise says when somebody was there last. The style sheet lets one stand for the other. */
export const HeaderSubtitle: StoryObj = {
  render: () => (
    <Stage others={adaOnly}>
      <div className="screen">
        <ChatHeader conversation={{ user: 'ada' }} title="Ada Lovelace" subtitle="last seen today at 12:04" />
      </div>
    </Stage>
  ),
  parameters: code(headerSource, insteadCss),
  play: async (context) => {
    const { canvas, canvasElement } = context
    const sentence = 'The other party is typing…'
    const otherwise = () => canvas.getByText('last seen today at 12:04')
    await seen(context, sentence)
    await expect(otherwise()).not.toBeVisible()
    await press(context, 'Ada types')
    await waitFor(() => expect(otherwise()).toBeVisible())
    await staysStill(canvasElement, [
      () => press(context, 'Ada types'),
      () => seen(context, sentence),
      () => expect(otherwise()).not.toBeVisible(),
      () => press(context, 'Ada types'),
      () => waitFor(() => expect(otherwise()).toBeVisible()),
    ])
    await press(context, 'Ada types')
    await seen(context, sentence)
  },
}

/** The same in a group: two names at most, and a sentence that is too long ends in an ellipsis. */
export const HeaderSubtitleOfAGroup: StoryObj = {
  render: () => (
    <Stage others={everybody}>
      <div className="screen">
        <ChatHeader conversation={group} title="Bridge club" subtitle="12 members" />
      </div>
    </Stage>
  ),
  parameters: code(headerSource, insteadCss),
  play: inSentences,
}

const composer = (variant: 'text' | 'avatars'): ReactNode => (
  <Stage others={everybody}>
    <div className="screen">
      <Composer conversation={group} variant={variant} onSend={() => {}} />
    </div>
  </Stage>
)

/** A line that is always there. Your own typing is not shown to you. */
export const UnderTheComposer: StoryObj = {
  render: () => <>{composer('text')}</>,
  parameters: code(composerSource),
  play: async (context) => {
    await inSentences(context)
    const field = context.canvas.getByRole('textbox')
    await userEvent.type(field, 'Hello')
    await seen(context, ONE)
    await userEvent.clear(field)
  },
}

/** With faces, or initials, instead of a sentence. */
export const UnderTheComposerAvatars: StoryObj = {
  render: () => <>{composer('avatars')}</>,
  parameters: code(composerSource),
  play: comeAndGo([`A ${DOTS}`], [`AG ${DOTS}`], [`AGE ${DOTS}`]),
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

/** Stands in for the app's own messages, which come from its own server. */
function Messages({ conversation }: { conversation: Conversation }) {
  const client = useOnlineMessageClient()
  const [messages, setMessages] = useState(history)
  useOnlineMessage<string>({
    conversation,
    command: 'chat',
    onMessage: ({ data: text, from }) => {
      // With the message its typist goes.
      client.clearTypist(conversation, from.id)
      setMessages((known) => [...known, { id: known.length, from: from.name ?? from.id, text }])
    },
  })
  return <MessageList conversation={conversation} messages={messages} />
}

/**
 * Last in the list. Who is at the end of it sees the bubble and is taken along to a new message; who reads further up is
 * left in peace.
 */
export const LastInTheMessageList: StoryObj = {
  render: () => (
    <Stage
      others={everybody}
      controls={({ say }) => (
        <button type="button" onClick={() => say('Ada', 'And who brings the coffee?')}>
          Ada sends
        </button>
      )}
    >
      <div className="screen">
        <Messages conversation={group} />
      </div>
    </Stage>
  ),
  parameters: code(listSource),
  play: async (context) => {
    const { canvas, canvasElement } = context
    const list = canvas.getByRole('group', { name: 'Conversation' })
    const bubble = canvasElement.querySelector('[data-typing-badge]')!
    const fromEnd = () => Math.round(list.scrollHeight - list.scrollTop - list.clientHeight)
    const inSight = () => bubble.getBoundingClientRect().bottom <= list.getBoundingClientRect().bottom
    const send = () => userEvent.click(canvas.getByRole('button', { name: 'Ada sends' }))
    const sent = (count: number) =>
      waitFor(() => expect(canvas.queryAllByText('And who brings the coffee?')).toHaveLength(count))

    // At the end: the bubble is seen, nothing has moved for it, and a new message takes the reader along.
    await expect(fromEnd()).toBe(0)
    await comeAndGo([DOTS], [DOTS], [DOTS])(context)
    await expect(fromEnd()).toBe(0)
    await expect(inSight()).toBe(true)
    await send()
    await sent(1)
    await seen(context)
    await waitFor(() => expect(fromEnd()).toBe(0))

    // Further up: neither the bubble nor the message takes the reader away.
    list.scrollTo(0, 20)
    await waitFor(() => expect(list.scrollTop).toBe(20))
    await press(context, 'Grace types')
    await staysStill(canvasElement, [() => press(context, 'Ada types'), send, () => sent(2)], '.messages p')
    await expect(list.scrollTop).toBe(20)
    await expect(inSight()).toBe(false)

    list.scrollTo(0, list.scrollHeight)
    await waitFor(() => expect(inSight()).toBe(true))
    await seen(context, DOTS)
  },
}

const NAMES = ['Bridge club', 'Chess', 'Allotment 12', 'Choir', 'Running', 'Book club', 'School parents', 'Tenants']
const LAST = ['See you on Monday.', 'Thanks!', 'Has anybody found a red umbrella? It was left at the door.', 'Perfect.']
const rows = Array.from({ length: 200 }, (_, n) => ({
  group: `group ${n}`,
  name: `${NAMES[n % NAMES.length]!} ${Math.floor(n / NAMES.length) || ''}`.trim(),
  lastMessage: LAST[n % LAST.length]!,
  time: `${String(23 - Math.floor(n / 9)).padStart(2, '0')}:${String(59 - ((n * 7) % 60)).padStart(2, '0')}`,
}))
const inTheList: readonly Other[] = [
  { name: 'Ada', to: { group: 'group 0' } },
  { name: 'Grace', to: { group: 'group 2' } },
  { name: 'Edsger', to: { group: 'group 2' } },
]

const list = (variant: 'text' | 'dots', play: NonNullable<StoryObj['play']>): StoryObj => ({
  render: () => (
    <Stage others={inTheList}>
      <div className="screen">
        <ul className="rows" tabIndex={0} aria-label="Conversations">
          {rows.map((row) => (
            <ConversationRow key={row.group} variant={variant} {...row} />
          ))}
        </ul>
      </div>
    </Stage>
  ),
  parameters: code(rowSource, insteadCss),
  play: async (context) => {
    const items = context.canvas.getAllByRole('listitem')
    await expect(items).toHaveLength(200)
    const touched = new Set<Element | null>()
    const watcher = new MutationObserver((records) => {
      for (const { target } of records) touched.add((target as Element).closest('li'))
    })
    watcher.observe(items[0]!.parentElement!, { attributes: true, childList: true, subtree: true })
    await play(context)
    watcher.disconnect()
    await expect([...touched]).toEqual([items[0], items[2]])
  },
})

/** Two hundred rows. Who types stands for the last message; only the rows in which somebody does are touched. */
export const ConversationList: StoryObj = list(
  'text',
  comeAndGo([ONE], [ONE, 'Grace is typing…'], [ONE, 'Grace and Edsger are typing…']),
)

/** The same with `dots`. */
export const ConversationListDots: StoryObj = list('dots', comeAndGo([DOTS], [DOTS, DOTS], [DOTS, DOTS]))

const thread = {
  group: 'bridge',
  thread: 'cake',
  replies: ['Which cake will it be?', 'Plum, as long as there are any.', 'Plum it is.'],
}
const inTheThread: readonly Other[] = [
  { name: 'Ada', to: { group: 'bridge', thread: 'cake' }, label: 'Ada types in the thread' },
  { name: 'Grace', to: group, label: 'Grace types in the group' },
  { name: 'Edsger', to: { group: 'bridge', thread: 'cake' }, label: 'Edsger types in the thread' },
]

/** `{ group, thread }` is a conversation of its own. The link to it tells of it with three dots. */
export const ThreadBesideItsGroup: StoryObj = {
  render: () => (
    <Stage others={inTheThread}>
      <div className="panes">
        <section className="screen" aria-label="Bridge club">
          <ChatHeader conversation={group} title="Bridge club" subtitle="12 members" />
          <div className="said">
            <p>There is always cake.</p>
            <ThreadLink {...thread} />
          </div>
        </section>
        <div className="screen">
          <ThreadPane {...thread} />
        </div>
      </div>
    </Stage>
  ),
  parameters: code(threadSource),
  play: async (context) => {
    const [ada, grace, edsger] = inTheThread.map(({ label }) => label!) as [string, string, string]
    await seen(context, DOTS, ONE)
    await press(context, ada)
    await seen(context)
    await staysStill(context.canvasElement, [
      () => press(context, ada),
      () => seen(context, DOTS, ONE),
      () => press(context, grace),
      () => seen(context, 'Grace is typing…', DOTS, ONE),
      () => press(context, edsger),
      () => seen(context, 'Grace is typing…', DOTS, 'Ada and Edsger are typing…'),
      () => press(context, ada, edsger),
      () => seen(context, 'Grace is typing…'),
      () => press(context, grace),
      () => seen(context),
    ])
    await press(context, ada)
    await seen(context, DOTS, ONE)
  },
}

const CHOICES = { online: 'Online', connecting: 'Reconnecting', offline: 'Offline' }

const connected = (state: ConnectionState): StoryObj => ({
  render: () => (
    <Stage
      others={adaOnly}
      starts={state}
      controls={({ go, connection }) =>
        (['online', 'connecting', 'offline'] as const).map((choice) => (
          <label key={choice}>
            <input type="radio" checked={connection === choice} onChange={() => go(choice)} />
            {CHOICES[choice]}
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
    </Stage>
  ),
  parameters: code(connectionSource, insteadCss),
  play: async (context) => {
    const { canvas, canvasElement } = context
    const sentence = 'The other party is typing…'
    const words = state === 'offline' ? 'You are offline' : 'Reconnecting…'
    const choose = (choice: ConnectionState) => userEvent.click(canvas.getByRole('radio', { name: CHOICES[choice] }))
    const says = (text: string) => waitFor(() => expect(canvas.getByText(text)).toBeVisible())
    // Ada types all the while.
    await seen(context)
    await says(words)
    await choose('online')
    await seen(context, sentence)
    await staysStill(canvasElement, [
      () => choose(state),
      () => seen(context),
      () => says(words),
      () => choose('online'),
      () => seen(context, sentence),
      () => press(context, 'Ada types'),
      () => says('last seen today at 12:04'),
      () => press(context, 'Ada types'),
      () => seen(context, sentence),
    ])
    await choose(state)
    await says(words)
  },
})

/** Nobody is known to type, and the line says why. Who does is seen again as soon as the connection is back. */
export const Reconnecting: StoryObj = connected('connecting')

export const Offline: StoryObj = connected('offline')
