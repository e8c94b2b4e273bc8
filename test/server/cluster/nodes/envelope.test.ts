import { expect, test } from 'vitest'
import type { BusMessage } from '../../../../src/server/cluster/nodes/bus-message.ts'
import { encode, parse } from '../../../../src/server/cluster/nodes/envelope.ts'

const ann = { id: 'ann', name: 'Ann' }
const conversation = { group: 'team' }

const lease: BusMessage = {
  kind: 'lease',
  device: 1,
  user: ann,
  conversation,
  session: { activity: 'recording', since: 7 },
}
const messages: readonly BusMessage[] = [
  { kind: 'heartbeat', snapshotRequests: ['two'], echoes: [{ node: 'two', sentAt: 1, heldFor: 2 }] },
  { kind: 'leave' },
  { kind: 'message', countId: 1, at: 2, user: ann, conversation, command: 'note', data: '"hello"' },
  { kind: 'recipients', node: 'two', countId: 1, recipients: 3 },
  lease,
  { ...lease, session: undefined },
  { kind: 'active-device', receiver: 'bob', conversation: { user: 'ann' }, lastActiveAt: 5, isAnswer: true },
  { kind: 'revocation', at: 6, user: 'bob', conversation },
  { kind: 'revocation', at: 6, user: 'bob', conversation: undefined },
  { kind: 'snapshot', chunk: 0, chunks: 1, entries: [lease] },
]

test.each(messages.map((message) => [message.kind, message] as const))('%s crosses the bus as it is', (_, message) => {
  const envelope = { node: 'one', number: 4, sentAt: 1.5, message }
  const onWire = JSON.parse(JSON.stringify(encode(envelope))) as unknown[]
  expect(parse(onWire)).toEqual(envelope)
})

test('a message of an unknown kind, or with a wrong value, keeps its number', () => {
  expect(parse([1, 'one', 4, 5, 'sing', 'la la la'])).toEqual({ node: 'one', number: 4, sentAt: 5, message: undefined })
  expect(parse([1, 'one', 4, 5, 'lease', 'rubbish'])).toEqual({ node: 'one', number: 4, sentAt: 5, message: undefined })
})

test('a packet of another version, or without a node, a number or a time, is no envelope', () => {
  const packets = [
    [],
    [2, 'one', 4, 5, 'leave'],
    [1, 'x'.repeat(65), 4, 5, 'leave'],
    [1, 'one', 4.5, 5, 'leave'],
    [1, 'one', 4, NaN, 'leave'],
    [1, 'one', 4, 5],
  ]
  expect(packets.map(parse)).toEqual(packets.map(() => undefined))
})
