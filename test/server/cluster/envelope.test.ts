import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ACTIVITIES } from '../../../src/core/typing/typing.ts'
import type { BusMessage, PublishedLease } from '../../../src/server/cluster/bus-message.ts'
import { encode, MAX_LEASES, parse } from '../../../src/server/cluster/envelope.ts'

const count = fc.nat()
const id = fc.string({ unit: 'binary', minLength: 1, maxLength: 256 })
const user = fc.oneof(
  fc.record({ id }),
  fc.record({ id, name: fc.string({ unit: 'binary' }) }),
  fc.record({ id, name: fc.string({ unit: 'binary' }), avatar: fc.string() }),
)
/** As exact as a time is on the bus. */
const time = fc.integer({ min: -1e12, max: 1e15 }).map((hundredths) => hundredths / 100)
const age = fc.integer({ min: 0, max: 500_000 }).map((hundredths) => hundredths / 100)
const conversation = fc.oneof(
  fc.record({ user: id }),
  fc.record({ group: id }),
  fc.record({ user: id, thread: id }),
  fc.record({ group: id, thread: id }),
)
const session = fc.record({ activity: fc.constantFrom(...ACTIVITIES), since: time })
const lease: fc.Arbitrary<PublishedLease> = fc.record({
  device: count,
  user,
  session: fc.option(session, { nil: undefined }),
})
const data = fc.oneof(
  fc.json(),
  fc.constantFrom('', '"a\\nb"', '{\n  "pretty": true\n}\n', '\n', '\r\n\u2028', '[2,"x",1,1,"question"]'),
)

const message: fc.Arbitrary<BusMessage> = fc.oneof(
  fc.record({
    kind: fc.constant('message' as const),
    countId: count,
    age,
    user,
    command: fc.string({ unit: 'binary', minLength: 1, maxLength: 128 }),
    data,
  }),
  fc.record({ kind: fc.constant('recipients' as const), countId: count, recipients: count }),
  fc.record({
    kind: fc.constant('leases' as const),
    channel: fc.string({ maxLength: 200 }),
    leases: fc.array(lease, { maxLength: 5 }),
  }),
  fc.constantFrom({ kind: 'question' as const }, { kind: 'clock-question' as const }),
  fc.record({ kind: fc.constant('clock-answer' as const), askedAt: time }),
  fc.record({ kind: fc.constant('active-device' as const), number: count, activeAt: time }),
  fc.record({
    kind: fc.constant('revocation' as const),
    at: time,
    user: id,
    conversation: fc.option(conversation, { nil: undefined }),
  }),
  fc.record({ kind: fc.constant('reidentification' as const), at: time, user: id }),
)
const envelope = fc.record({
  node: fc.string({ unit: 'binary', minLength: 1, maxLength: 64 }),
  number: count,
  sentAt: time,
  message,
})

/** A text whose kind and values stand in a valid header. */
const withValues = (...values: readonly unknown[]): string => JSON.stringify([2, 'one', 4, 5, ...values])

describe('an envelope', () => {
  test('crosses the bus as it is, with every kind of message', () => {
    fc.assert(
      fc.property(envelope, (any) => {
        expect(parse(encode(any))).toEqual(any)
      }),
      { numRuns: 1000 },
    )
  })

  test('carries data as its sender encoded it, line breaks and all', () => {
    const text = '{\n "a": "b\\n",\r\n "c": [\n]}\n'
    const sent = { kind: 'message' as const, countId: 0, age: 3, user: { id: 'ann' }, command: 'note', data: text }
    expect(parse(encode({ node: 'one', number: 1, sentAt: 2, message: sent }))?.message).toEqual(sent)
  })

  test('carries times that are exact to a hundredth of a millisecond, and no digits beyond that', () => {
    const text = encode({
      node: 'one',
      number: 1,
      sentAt: 1_790_000_000_000.123,
      message: { kind: 'active-device', number: 1, activeAt: 1_790_000_000_000.567 },
    })
    expect(text).toBe('[2,"one",1,1790000000000.12,"active-device",1,1790000000000.57]')
  })
})

describe('a text from the bus that is no valid envelope', () => {
  test('is undefined, and nothing throws, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.json(),
          fc.json().map((text) => `${text}\n{}`),
        ),
        (text) => {
          expect(parse(text)).toBeUndefined()
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('never throws when the values of a valid one are replaced by others', () => {
    const kinds = ['message', 'recipients', 'leases', 'clock-answer', 'active-device', 'revocation', 'reidentification']
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom('ann', { id: 'ann' }, 0, 1, [], [[1, { id: 'ann' }]]))
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.array(value, { maxLength: 6 }),
        fc.boolean(),
        (kind, values, hasData) => {
          const parsed = parse(withValues(kind, ...values) + (hasData ? '\n1' : ''))
          // Times lose the digits that nobody needs.
          if (parsed) expect(parse(encode(parsed))?.message.kind).toBe(kind)
        },
      ),
      { numRuns: 2000 },
    )
  })

  test.each([
    ['of another version', '[1,"one",4,5,"question"]'],
    ['of a version that is a text', '["2","one",4,5,"question"]'],
    ['without a node', '[2,"",4,5,"question"]'],
    ['with a node id that is too long', `[2,"${'x'.repeat(65)}",4,5,"question"]`],
    ['with a number that is not whole', '[2,"one",4.5,5,"question"]'],
    ['with a negative number', '[2,"one",-4,5,"question"]'],
    ['with a number beyond all that can be counted', '[2,"one",1e300,5,"question"]'],
    ['with a time that is infinite once it is rounded', '[2,"one",4,1.8e307,"question"]'],
    ['without a time', '[2,"one",4,null,"question"]'],
    ['with a time that is infinite', '[2,"one",4,1e999,"question"]'],
    ['without a kind', '[2,"one",4,5]'],
    ['of an unknown kind', withValues('sing', 'la la la')],
    ['of a kind that every object has', withValues('constructor')],
    ['an object', '{"0":2,"1":"one"}'],
    ['cut off', '[2,"one",4,5,"quest'],
    ['a message without data', withValues('message', 0, 1, { id: 'ann' }, 'note')],
    ['a message from nobody', `${withValues('message', 0, 1, {}, 'note')}\n1`],
    ['a message of a negative age', `${withValues('message', 0, -1, { id: 'ann' }, 'note')}\n1`],
    ['a message without a command', `${withValues('message', 0, 1, { id: 'ann' }, '')}\n1`],
    ['a message that is too long', `${withValues('message', 0, 1, { id: 'ann' }, 'note')}\n"${'x'.repeat(1_000_000)}"`],
    [
      'too many leases',
      withValues(
        'leases',
        '',
        Array.from({ length: MAX_LEASES + 1 }, () => [1, { id: 'ann' }]),
      ),
    ],
    ['leases on no channel', withValues('leases', null, [])],
    ['a revocation of nobody', withValues('revocation', 1, null, null)],
    ['a revocation in no conversation', withValues('revocation', 1, 'bob', {})],
    ['a reidentification without a time', withValues('reidentification', null, 'bob')],
    ['half a count', withValues('recipients', 1)],
    ['a claim without a time', withValues('active-device', 1)],
    ['a clock answer without a time', withValues('clock-answer', 'now')],
  ])('%s', (_, text) => {
    expect(parse(text)).toBeUndefined()
  })

  test('of several leases, those with a wrong value are left out', () => {
    const leases = [
      [1, { id: 'ann' }, 'singing', 7],
      [2, {}, 'typing', 7],
      [-3, { id: 'cy' }, 'typing', 7],
      [4, { id: 'dan' }, 'typing'],
      [5, { id: 'eve' }, 7, 7],
      null,
      [6, { id: 'fay' }],
    ]
    expect(parse(withValues('leases', '', leases))?.message).toEqual({
      kind: 'leases',
      channel: '',
      leases: [
        // An activity that this version does not know.
        { device: 1, user: { id: 'ann' }, session: { activity: 'typing', since: 7 } },
        { device: 6, user: { id: 'fay' }, session: undefined },
      ],
    })
  })
})
