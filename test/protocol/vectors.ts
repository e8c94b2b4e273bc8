/** protocol/vectors.jsonl, and what plays a vector to a client. protocol/README.md describes the format. */
import { readFileSync } from 'node:fs'
import { expect, vi } from 'vitest'
import type { Conversation } from '../../src/core/index.ts'
import { FakeWebSocket } from './fake-web-socket.ts'

export type WireEvent = readonly unknown[]

/** What a user of the client, or the app around it, does. */
export type Command =
  | { readonly do: 'keys' }
  | { readonly do: 'stop' }
  | { readonly do: 'clear'; readonly user: string }
  | { readonly do: 'send'; readonly command: string; readonly data?: unknown }
  | { readonly do: 'disconnect' }

interface Shown {
  readonly state?: string
  readonly typists?: readonly object[]
  readonly total?: number
  /** How often what is shown has changed since the step before that looked at it. */
  readonly changes?: number
}

export type Step = Partial<Command> & {
  readonly client: number
  readonly server: number
  readonly connection?: 'opened' | 'lost'
  readonly receives?: WireEvent
  readonly answers?: string
  readonly number?: number
  readonly with?: unknown
  /** What it receives is not what events.schema.json allows. */
  readonly malformed?: true
  readonly setClock?: number
  readonly sends?: readonly WireEvent[]
  readonly maySend?: readonly WireEvent[]
  readonly shows?: Shown
  readonly messages?: readonly object[]
  readonly results?: readonly object[]
}

export interface Vector {
  readonly name: string
  readonly rule: string
  readonly conversation?: Conversation
  readonly wallClock?: number
  readonly steps: readonly Step[]
}

/** Where a client under test reports to. */
export interface Report {
  shown(typists: readonly object[], total: number): void
  message(message: object): void
  result(result: unknown): void
}

/** A client under test. */
export interface TestClient {
  state(): string
  run(command: Command): void
  end(): void
}

export type StartClient = (conversation: Conversation, report: Report) => TestClient

export const file: URL = new URL('../../protocol/vectors.jsonl', import.meta.url)

export const vectors: readonly Vector[] = readFileSync(file, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Vector)

/** A number within a range that is written as `from..to` matches. */
function matches(actual: unknown, expected: unknown): boolean {
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(String(expected)) ?? []
  if (from === undefined) return JSON.stringify(actual) === JSON.stringify(expected)
  return Number.isInteger(actual) && Number(actual) >= Number(from) && Number(actual) <= Number(to)
}

/** Arguments at the end may be left out where they have their default values. */
const isDefault = (argument: unknown) => argument === null || argument === 'normal' || argument === true

const isSameEvent = (actual: WireEvent, expected: WireEvent) =>
  expected.every((argument, index) => matches(actual[index], argument)) &&
  actual.slice(expected.length).every(isDefault)

/** What a client has done in one step. */
export interface Observed {
  /** What it has sent on its latest connection. */
  readonly sent: readonly WireEvent[]
  /** The number of that connection. */
  readonly connection: number
  /** What it showed after each change, the latest last. */
  readonly shown: readonly { readonly typists: readonly object[]; readonly total: number }[]
  readonly messages: readonly object[]
  readonly results: readonly unknown[]
}

/** Checks the steps of one vector, one after the other. What a step does not look at counts for a later one. */
export function createStepCheck(): (step: Step, observed: Observed, where: string) => void {
  let connection = 0
  let sent: WireEvent[] = []
  let shown: Observed['shown'][number] = { typists: [], total: 0 }
  let changes = 0
  let messages: object[] = []
  let results: unknown[] = []

  return (step, observed, where) => {
    if (observed.connection !== connection) sent = []
    connection = observed.connection
    sent.push(...observed.sent)
    shown = observed.shown.at(-1) ?? shown
    changes += observed.shown.length
    messages.push(...observed.messages)
    results.push(...observed.results)

    if (step.sends) {
      checkSent(sent, step, where)
      sent = []
    }
    if (step.shows) {
      const { typists, total, changes: expectedChanges } = step.shows
      if (typists) expect(shown, where).toMatchObject({ typists })
      if (total !== undefined) expect(shown.total, where).toBe(total)
      if (expectedChanges !== undefined) expect(changes, `${where}: changes`).toBe(expectedChanges)
      changes = 0
    }
    if (step.messages) {
      expect(messages, where).toMatchObject(step.messages)
      messages = []
    }
    if (step.results) {
      expect(results, where).toMatchObject(step.results)
      results = []
    }
  }
}

export const whereIs = (step: Step, index: number): string => `step ${index}: ${JSON.stringify(step)}`

/** Plays a vector under fake timers, and checks every step. */
export async function play(vector: Vector, start: StartClient): Promise<void> {
  const { conversation = { user: 'bob' }, steps } = vector
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    now: vector.wallClock ?? steps[0]!.server,
  })
  const socket = () => FakeWebSocket.latest!
  const shown: Observed['shown'][number][] = []
  const messages: object[] = []
  const results: unknown[] = []
  let observedSocket: FakeWebSocket | undefined
  let connection = 0
  let observedEvents = 0

  const client = start(conversation, {
    shown: (typists, total) => void shown.push({ typists, total }),
    message: (message) => void messages.push(message),
    result: (result) => void results.push(result),
  })
  const began = performance.now()
  const checkStep = createStepCheck()

  /** What the client has done since the last call. */
  function observe(): Observed {
    if (observedSocket !== socket()) {
      observedSocket = socket()
      observedEvents = 0
      connection++
    }
    const sent = observedSocket.sent.slice(observedEvents).map(({ event }) => event)
    observedEvents = observedSocket.sent.length
    return { sent, connection, shown: shown.splice(0), messages: messages.splice(0), results: results.splice(0) }
  }

  function act(step: Step): void {
    if (step.setClock !== undefined) vi.setSystemTime(Date.now() + step.setClock)
    if (step.connection === 'opened') socket().open()
    if (step.connection === 'lost') socket().lose()
    if (step.receives) socket().deliverEvent(step.receives)
    if (step.answers !== undefined) socket().answer(step.answers, step.number, step.with)
    if (step.do !== undefined) client.run(step as Command)
  }

  try {
    for (const [index, step] of steps.entries()) {
      await vi.advanceTimersByTimeAsync(began + step.client - performance.now())
      act(step)
      await vi.advanceTimersByTimeAsync(0)
      const where = whereIs(step, index)
      checkStep(step, observe(), where)
      if (step.shows?.state !== undefined) expect(client.state(), where).toBe(step.shows.state)
    }
  } finally {
    client.end()
    vi.useRealTimers()
  }
}

function checkSent(sent: readonly WireEvent[], { sends = [], maySend = [] }: Step, where: string): void {
  const missing = [...sends]
  const unexpected: WireEvent[] = []
  for (const event of sent) {
    const [next] = missing
    if (next && isSameEvent(event, next)) missing.shift()
    else if (!maySend.some((allowed) => isSameEvent(event, allowed))) unexpected.push(event)
  }
  expect({ missing, unexpected }, where).toEqual({ missing: [], unexpected: [] })
}
