/**
 * What the compiler says about messages, conversations and stores while an app has declared no commands. It is never
 * run: tsc checks it.
 */
import { useStore } from 'zustand'
import {
  type Command,
  type CommandData,
  type ConnectionState,
  type Conversation,
  createOnlineMessageClient,
  isFailure,
  type OnlineMessageClient,
  type ReadonlyStore,
  type SendFailure,
  type SendFailureCode,
  type SendResult,
  type Transport,
  type TypingState,
  type User,
} from '../../src/core/index.ts'
import { createMemoryNetwork } from '../../src/transports/memory/index.ts'
import type { Equal } from './equal.ts'

// The test of the tests.
export const equal: boolean[] = [
  true satisfies Equal<{ a: 1 }, { a: 1 }>,
  false satisfies Equal<1, number>,
  false satisfies Equal<number, 1>,
  false satisfies Equal<unknown, never>,
]

// A conversation is with a user or a group, never both, never neither.

export const conversations: Conversation[] = [
  { user: 'ann' },
  { group: 'team' },
  { user: 'ann', thread: 't' },
  { group: 'team', thread: undefined },
  // @ts-expect-error: a user and a group
  { user: 'ann', group: 'team' },
  // @ts-expect-error: neither user nor group
  { thread: 't' },
  // @ts-expect-error: an id is a string
  { user: 1 },
  // @ts-expect-error: misspelt property
  { room: 'team' },
]

export function narrow(conversation: Conversation): string {
  return conversation.user ?? conversation.group
}

// `ok` decides what a result has, and `isFailure` narrows any value.

// @ts-expect-error: not before `ok` is known
export const codeOf = (result: SendResult) => result.code as unknown

export function explain(result: SendResult): string | undefined {
  if (result.ok) {
    true satisfies Equal<typeof result, { readonly ok: true; readonly recipients?: number }>
    return result.recipients?.toFixed()
  }
  true satisfies Equal<typeof result.code, SendFailureCode>
  switch (result.code) {
    case 'offline':
    case 'aborted':
    case 'timeout':
    case 'forbidden':
    case 'rate-limited':
    case 'too-large':
    case 'invalid':
      return result.message
    default:
      return result.code satisfies never
  }
}

export function messageOf(value: SendResult | string): string {
  if (isFailure(value)) {
    value satisfies SendFailure
    return value.message
  }
  return typeof value === 'string' ? value : String(value.recipients)
}
export const isUnknownFailure = (value: unknown): value is SendFailure => isFailure(value)

// Stores are read-only, and zustand's own hook takes them.

export function useAll(client: OnlineMessageClient): unknown[] {
  const connection: ConnectionState = useStore(client.connection)
  const { typists, total }: TypingState = useStore(client.typists({ user: 'ann' }))
  const isTyping: boolean = useStore(client.typists({ user: 'ann' }), (state) => state.total > 0)
  return [connection, typists, total, isTyping]
}
export const keys: Equal<keyof ReadonlyStore<TypingState>, 'getState' | 'getInitialState' | 'subscribe'> = true

export function overwrite(state: TypingState, user: User): void {
  // @ts-expect-error: a state is read-only
  state.total = 1
  // @ts-expect-error: and so are its typists
  state.typists[0] = { id: 'eve', activity: 'typing', since: 0 }
  // @ts-expect-error: and so is a user
  user.id = 'eve'
}

// Any transport makes a client. Everything else has a default.

const transport: Transport = createMemoryNetwork({ latency: 10, loss: undefined }).join({ id: 'ann', name: undefined })
export const client: OnlineMessageClient = createOnlineMessageClient({ transport, idleTimeout: undefined })
// @ts-expect-error: a transport is needed
createOnlineMessageClient({})
// @ts-expect-error: a user has an id
createMemoryNetwork().join({ name: 'Ann' })

// Without a declaration every string is a command, and its data is unknown and optional.

export const commands: true[] = [
  true satisfies Equal<Command, string>,
  true satisfies Equal<CommandData<'anything'>, unknown>,
]
export const answers: Promise<SendResult>[] = [
  client.send({ user: 'bob' }, 'wave'),
  client.send({ user: 'bob' }, 'wave', { n: 1 }),
  client.send({ user: 'bob' }, 'wave', undefined, { priority: 'high', signal: new AbortController().signal }),
  // @ts-expect-error: no such priority
  client.send({ user: 'bob' }, 'wave', 1, { priority: 'urgent' }),
  // @ts-expect-error: a conversation is an object
  client.send('bob', 'wave'),
]

export const unsubscribe: () => void = client.subscribe(
  { user: 'bob' },
  'wave',
  ({ data, from, conversation, command }) => [
    data satisfies Equal<typeof data, unknown> extends true ? unknown : never,
    from satisfies User,
    conversation satisfies Conversation,
    command satisfies string,
  ],
)

// Typing.

const typing = client.typing({ group: 'team' })
typing.keystroke()
typing.keystroke('text')
typing.keystroke(() => 'text')
export const endActivities: (() => void)[] = [
  typing.startActivity('recording'),
  typing.startActivity('recording', { signal: new AbortController().signal }),
  typing.startActivity('recording', { signal: undefined }),
  // @ts-expect-error: no such activity
  typing.startActivity('dancing'),
]
