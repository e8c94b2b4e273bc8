/**
 * Counts commits and renders with 200 conversations on screen, each of which shows whether somebody types there. The hooks are
 * compared with a list that has one state at the top, which is how people write it first. React's profiling build without
 * StrictMode, in jsdom, without `act`: React decides when it commits. Every event is a task of its own unless a column says
 * otherwise.
 */
import { JSDOM } from 'jsdom'
import type { ChangeEvent, FunctionComponent } from 'react'
import type { Transport, TransportListener, TypingState } from '../src/core/index.ts'
import { printTable } from './kit/processes.ts'

const CONVERSATIONS = 200
const EVENTS = 1000
const KEYS = 100

const { window } = new JSDOM('<div id="root"></div>')
const { document } = window
// Before React is loaded, because it looks for them.
Object.assign(globalThis, { window, document })

const { createElement, memo, Profiler, useCallback, useEffect, useState } = await import('react')
const { createRoot } = await import('react-dom/profiling')
const { createOnlineMessageClient, OnlineMessageProvider, useTypingInput, useTypists } = await import('../src/index.ts')

/** Delivers a typing update to a conversation, which is a number here. */
type Update = (conversation: number, state: TypingState) => void

const SINCE = 1_767_225_600_000
const numbers = Array.from({ length: CONVERSATIONS }, (_, index) => index)
let commits = 0
let renders = 0
let update: Update = () => {}

const stateOf = (...ids: string[]): TypingState => ({
  typists: ids.map((id) => ({ id, activity: 'typing', since: SINCE })),
  total: ids.length,
})

/** Waits until React has nothing left to do. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
}

function ours(): FunctionComponent {
  const listeners = new Map<string, TransportListener>()
  const transport: Transport = {
    send: async () => ({ ok: true }),
    subscribe({ group = '' }, on) {
      listeners.set(group, on)
      return () => listeners.delete(group)
    },
    connection: { getState: () => 'online', getInitialState: () => 'online', subscribe: () => () => {} },
  }
  update = (conversation, state) => listeners.get(String(conversation))?.typists(state)
  const client = createOnlineMessageClient({ transport })
  const Row: FunctionComponent<{ number: number }> = ({ number }) => {
    renders++
    const { total } = useTypists({ group: String(number) })
    return createElement('li', null, total ? `${total} typing` : 'quiet')
  }
  const Composer: FunctionComponent = () => {
    renders++
    const { inputProps } = useTypingInput({ group: '0' })
    return createElement('textarea', inputProps)
  }
  return () => {
    renders++
    return createElement(
      OnlineMessageProvider,
      { client },
      createElement(
        'ul',
        null,
        numbers.map((number) => createElement(Row, { key: number, number })),
      ),
      createElement(Composer),
    )
  }
}

function naive(memoized: boolean): FunctionComponent {
  const Plain: FunctionComponent<{ typists: readonly string[] }> = ({ typists }) => {
    renders++
    return createElement('li', null, typists.length ? `${typists.length} typing` : 'quiet')
  }
  const Row = memoized ? memo(Plain) : Plain
  const Composer: FunctionComponent = () => {
    renders++
    const [text, setText] = useState('')
    const onChange = useCallback((event: ChangeEvent<HTMLTextAreaElement>) => setText(event.currentTarget.value), [])
    return createElement('textarea', { value: text, onChange })
  }
  const StableComposer = memo(Composer)
  const nobody: readonly string[] = []
  return () => {
    renders++
    const [typing, setTyping] = useState<Readonly<Record<number, readonly string[]>>>({})
    useEffect(() => {
      update = (conversation, { typists }) => {
        const ids = typists.map(({ id }) => id)
        setTyping((before) => ({ ...before, [conversation]: ids }))
      }
    }, [])
    return createElement(
      'div',
      null,
      createElement(
        'ul',
        null,
        numbers.map((number) => createElement(Row, { key: number, typists: typing[number] ?? nobody })),
      ),
      createElement(StableComposer),
    )
  }
}

async function measure(work: () => Promise<void>): Promise<string> {
  commits = renders = 0
  await work()
  await settled()
  return `${commits} / ${renders}`
}

async function run(name: string, App: FunctionComponent): Promise<string[]> {
  const root = createRoot(document.getElementById('root')!)
  root.render(createElement(Profiler, { id: 'all', onRender: () => (commits += 1) }, createElement(App)))
  await settled()
  const event = async (number: number, ...ids: string[]) => {
    update(number % CONVERSATIONS, stateOf(...ids))
    await settled()
  }
  const shownCount = () =>
    [...document.querySelectorAll('li')].filter(({ textContent }) => textContent !== 'quiet').length
  const row = [
    name,
    await measure(() => event(0, 'ann')),
    await measure(async () => {
      // Each event adds one more typist to a conversation.
      for (let number = 1; number <= EVENTS; number++) await event(number, 'ann', `u${number}`)
    }),
    await measure(async () => {
      // Each event repeats the last update of its conversation.
      for (let number = 1; number <= EVENTS; number++) {
        await event(number, 'ann', `u${EVENTS - ((EVENTS - number) % CONVERSATIONS)}`)
      }
    }),
    await measure(async () => {
      for (let number = 1; number <= EVENTS; number++) update(number % CONVERSATIONS, stateOf(`v${number}`))
    }),
    await measure(async () => {
      const field = document.querySelector('textarea')!
      const setValue = Object.getOwnPropertyDescriptor(window.HTMLTextAreaElement.prototype, 'value')!.set!
      for (let key = 1; key <= KEYS; key++) {
        // As a browser does it, so that React notices the change.
        setValue.call(field, 'x'.repeat(key))
        field.dispatchEvent(new window.InputEvent('input', { bubbles: true, inputType: 'insertText', data: 'x' }))
        await settled()
      }
    }),
  ]
  if (shownCount() !== CONVERSATIONS)
    throw new Error(`${name} shows ${shownCount()} conversations in which somebody types.`)
  root.unmount()
  await settled()
  return row
}

const { version } = await import('react')
const rows = [
  await run('react-online-message', ours()),
  await run('one state at the top', naive(false)),
  await run('the same, rows memoized', naive(true)),
]
console.log(`${CONVERSATIONS} conversations on screen, commits / renders, React ${version}, Node ${process.version}\n`)
printTable(
  ['list', '1 event', '1,000 events', '1,000 renewals', '1,000 events in one task', "a typist's 100 keys"],
  rows,
)
const [, one, events, renewals, burst, keys] = rows[0]!
const met =
  one === '1 / 1' && events === '1000 / 1000' && renewals === '0 / 0' && burst?.startsWith('1 / ') && keys === '0 / 0'
console.log(met ? '\nevery target is met' : '\na target is missed')
process.exit(met ? 0 : 1)
