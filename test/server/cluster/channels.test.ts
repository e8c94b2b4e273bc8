import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Conversation } from '../../../src/core/index.ts'
import { createChannels } from '../../../src/server/cluster/channels.ts'

/** What `Bus` demands of a channel. */
const CHANNEL = /^[A-Za-z0-9_%:-]{1,200}$/

/** Ids that look like parts of a channel, and the characters that an encoding has to get right. */
const trickyId = fc.constantFrom(
  'q',
  'hash',
  'user',
  'group',
  'node',
  'notices',
  'a:b',
  ':',
  '%',
  '%3a',
  '%3A',
  '*',
  '.',
  '~',
)
const lonePair = fc.constantFrom('\ud800', 'a\udc00', '\udfff\ud800', '\ud83d')
const id = fc.oneof(
  { weight: 3, arbitrary: trickyId },
  { weight: 1, arbitrary: lonePair },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 60, maxLength: 128 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('x'.repeat(256), '\u{1f600}'.repeat(128), '%'.repeat(256), `${'x'.repeat(255)}y`),
  },
)
const thread = fc.option(id, { nil: undefined })
const namespace = fc
  .oneof(
    fc.constantFrom('/', '/hash', '/q', '/:', '/a.b', '/a/b'),
    id.map((name) => `/${name}`),
  )
  .filter((name) => !/\p{Surrogate}/u.test(name))

/** Everything that can have a channel of its own. */
type Subject =
  | { readonly kind: 'direct'; readonly from: string; readonly to: string; readonly thread: string | undefined }
  | { readonly kind: 'group'; readonly group: string; readonly thread: string | undefined }
  | { readonly kind: 'user' | 'node'; readonly id: string }
const subject: fc.Arbitrary<Subject> = fc.oneof(
  fc.record({ kind: fc.constant('direct' as const), from: id, to: id, thread }),
  fc.record({ kind: fc.constant('group' as const), group: id, thread }),
  fc.record({ kind: fc.constantFrom('user' as const, 'node' as const), id }),
)
const place = fc.record({ namespace, subject, isQuestions: fc.boolean() })
type Place = typeof place extends fc.Arbitrary<infer P> ? P : never

const within = (thread: string | undefined) => (thread === undefined ? {} : { thread })

function channelOf({ namespace: name, subject: what, isQuestions }: Place): string {
  const channels = createChannels(name)
  const channel = () => {
    if (what.kind === 'direct') return channels.conversation(what.from, { user: what.to, ...within(what.thread) })
    if (what.kind === 'group') return channels.conversation('anybody', { group: what.group, ...within(what.thread) })
    return channels[what.kind](what.id)
  }
  return isQuestions ? channels.questions(channel()) : channel()
}

describe('a channel', () => {
  test('has the alphabet and the length that a bus demands, whatever the ids are', () => {
    fc.assert(
      fc.property(place, (any) => {
        expect(channelOf(any)).toMatch(CHANNEL)
      }),
      { numRuns: 1000 },
    )
  })

  test('belongs to one conversation, user or node of one namespace, or to the questions about it', () => {
    // Few ids, so that two places often differ in one of them only.
    const fewIds = fc.constantFrom('q', 'user', 'a:b')
    const fewThreads = fc.constantFrom(undefined, 'q', 'a:b')
    const similar = fc.record({
      namespace: fc.constantFrom('/', '/q'),
      subject: fc.oneof(
        fc.record({ kind: fc.constant('direct' as const), from: fewIds, to: fewIds, thread: fewThreads }),
        fc.record({ kind: fc.constant('group' as const), group: fewIds, thread: fewThreads }),
        fc.record({ kind: fc.constantFrom('user' as const, 'node' as const), id: fewIds }),
      ),
      isQuestions: fc.boolean(),
    })
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.oneof(place, similar), { minLength: 20, maxLength: 60, selector: keyOf }),
        (places) => {
          const byChannel = new Map<string, Place>()
          for (const one of places) {
            const channel = channelOf(one)
            expect(byChannel.get(channel)).toBeUndefined()
            byChannel.set(channel, one)
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  test('is the same for all senders in a group, and another one in each direction between two users', () => {
    const channels = createChannels('/')
    const group: Conversation = { group: 'team' }
    expect(channels.conversation('ann', group)).toBe(channels.conversation('bob', group))
    expect(channels.conversation('ann', { user: 'bob' })).not.toBe(channels.conversation('bob', { user: 'ann' }))
  })

  test('of questions is not that of a thread with a similar name', () => {
    const channels = createChannels('/')
    const questions = channels.questions(channels.conversation('ann', { group: 'team' }))
    expect(questions).not.toBe(channels.conversation('ann', { group: 'team', thread: 'q' }))
  })

  test('with a hash is not that of a namespace and a group with such names', () => {
    const hashed = createChannels('/').conversation('ann', { group: 'x'.repeat(256) })
    const digest = hashed.split(':').at(-1) ?? ''
    expect(createChannels('/hash').conversation('ann', { group: digest })).not.toBe(hashed)
  })
})

function keyOf({ namespace: name, subject: what, isQuestions }: Place): string {
  return JSON.stringify([name, Object.entries(what), isQuestions])
}
