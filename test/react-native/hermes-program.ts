/**
 * Runs in Hermes: two people on the memory network type to each other, by a clock of this program's own, and the sentences
 * of all languages. It prints one line of JSON. Hermes has no `TextEncoder`, no `Intl.PluralRules`, no `Intl.ListFormat`,
 * no page and no `process`; this program checks that, and takes away what a later Hermes has.
 */
import { createOnlineMessageClient, formatTyping } from 'react-online-message/core'
import * as locales from 'react-online-message/locales'
import { createMemoryNetwork } from 'react-online-message/memory'

interface Timer {
  readonly at: number
  readonly callback: () => void
}

declare const print: (line: string) => void

let now = 0
let lastTimer = 0
const timers = new Map<number, Timer>()

const globals = globalThis as unknown as Record<string, unknown>
const missing = ['TextEncoder', 'document', 'window', 'addEventListener', 'structuredClone', 'AbortController']
for (const name of missing) {
  if (name in globals) Reflect.deleteProperty(globals, name)
}
// Hermes has no Intl at all where it runs without a phone.
delete globals.Intl
delete (Array.prototype as { at?: unknown }).at

globals.performance = { now: () => now }
Date.now = () => now
globals.setTimeout = (callback: () => void, delay = 0) => {
  lastTimer += 1
  timers.set(lastTimer, { at: now + delay, callback })
  return lastTimer
}
globals.clearTimeout = (id: number) => timers.delete(id)

/** Runs everything that is due within this time, in order, and what promises wait for between two timers. */
async function wait(milliseconds: number) {
  const end = now + milliseconds
  for (;;) {
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve()
    const due = [...timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0]
    if (!due) break
    const [id, { at, callback }] = due
    timers.delete(id)
    now = Math.max(now, at)
    callback()
  }
  now = end
}

async function typeToEachOther() {
  const network = createMemoryNetwork({ latency: 20 })
  const join = (id: string) => createOnlineMessageClient({ transport: network.join({ id, name: id }) })
  const ann = join('ann')
  const bob = join('bob')
  const seen: [number, number][] = []
  const typists = bob.typists({ user: 'ann' })
  const unsubscribe = typists.subscribe(({ total }) => seen.push([now, total]))
  const texts: unknown[] = []
  const unsubscribeFromTexts = bob.subscribe({ user: 'ann' }, 'wave', ({ data, from }) => texts.push([data, from.id]))

  const typing = ann.typing({ user: 'bob' })
  // A key each second for 12 s: two renewals.
  for (let key = 0; key < 12; key += 1) {
    typing.keystroke('k'.repeat(key + 1))
    await wait(1000)
  }
  // S3: idleTimeout after the last key.
  await wait(10_000)
  typing.keystroke('again')
  await wait(100)
  typing.stop()
  await wait(100)
  const sending = ann.send({ user: 'bob' }, 'wave', { text: 'grüße 👋' })
  await wait(100)
  const result = await sending
  const tooLarge = await ann.send({ user: 'bob' }, 'wave', 'é'.repeat(3000))
  unsubscribe()
  unsubscribeFromTexts()
  await wait(100)
  return { seen, texts, result, tooLarge: tooLarge.ok ? 'sent' : tooLarge.code, timers: timers.size }
}

function sentences() {
  const typists = ['Ada', 'Grace', 'Émile'].map((name, index) => ({
    id: String(index),
    name,
    activity: 'typing' as const,
    since: 1,
  }))
  return Object.fromEntries(
    Object.entries(locales).map(([name, locale]) => [
      name,
      [1, 2, 3, 5, 12, 21].map((total) => formatTyping({ typists: typists.slice(0, total), total }, locale)),
    ]),
  )
}

const globalsBefore = missing.filter((name) => name in globals)
void typeToEachOther()
  .then((typing) => print(JSON.stringify({ typing, sentences: sentences(), globalsBefore })))
  .catch((error: unknown) => print(JSON.stringify({ error: String(error), stack: (error as Error).stack })))
