/** What a sender can and cannot do: T2, T3 and T4. */
import type { OutgoingMessage } from '../core/transport/transport.ts'
import { assert, waitUntil } from './assertions.ts'
import { assertReceived, NOTE } from './inbox.ts'
import { rule } from './rule.ts'
import { ann, bob } from './test-device.ts'
import type { ContractCase } from './test-network.ts'
import { subscribeToBoth, team, waitUntilReached } from './wait-until-reached.ts'

/** Messages that are invalid: each is refused, and does no harm. */
const invalidMessages = (): [what: string, message: unknown][] => {
  const circle: Record<string, unknown> = {}
  circle.self = circle
  const good = { conversation: { user: 'bob' }, command: 'contract.invalid', data: 1 }
  const thrower = {
    toJSON() {
      throw new Error('thrown by toJSON')
    },
  }
  return [
    ['data with a circle', { ...good, data: circle }],
    ['a bigint', { ...good, data: 1n }],
    ['a function', { ...good, data: () => 1 }],
    ['a symbol', { ...good, data: Symbol('data') }],
    ['a toJSON that throws', { ...good, data: thrower }],
    ['an empty command', { ...good, command: '' }],
    ['a command that is not a string', { ...good, command: 7 }],
    ['no conversation', { ...good, conversation: undefined }],
    ['an empty conversation', { ...good, conversation: {} }],
    ['a user and a group', { ...good, conversation: { user: 'bob', group: 'team' } }],
    ['a user that is not a string', { ...good, conversation: { user: 7 } }],
  ]
}

export const senderRules: readonly ContractCase[] = [
  rule('T2: send answers whatever it is given, and never throws or rejects', async ({ join }) => {
    const [sender, receiver] = await Promise.all([join(ann), join(bob)])
    const inbox = receiver.subscribe({ user: 'ann' })
    await waitUntilReached(sender, { user: 'bob' }, inbox)
    for (const [what, message] of invalidMessages()) {
      const answer = await sender.send(message as OutgoingMessage)
      assert(!answer.ok && answer.message !== '', `T2: ${what} is refused, with a reason`, () => answer)
    }
    // Too large for most transports. One that takes it has to deliver it, and in any case the connection survives.
    await sender.send({ conversation: { user: 'bob' }, command: 'contract.large', data: 'x'.repeat(2_000_000) })
    await waitUntilReached(sender, { user: 'bob' }, inbox)
  }),

  rule('T3: from is written by the trusted side, whatever the sender says', async ({ join }) => {
    const [sender, receiver] = await Promise.all([join(ann), join(bob)])
    const forged = { id: 'cy', name: 'Cy' }
    const inboxes = subscribeToBoth(receiver)
    const fromCy = receiver.subscribe({ user: 'cy' })
    await inboxes.waitUntilReached(sender)
    for (const conversation of [{ user: 'bob' }, team]) {
      const message = {
        conversation: { ...conversation, from: forged },
        command: NOTE,
        data: { from: forged },
        from: forged,
        user: forged,
      }
      await sender.send(message)
    }
    await inboxes.waitUntilReached(sender)
    for (const { messages } of inboxes.both) {
      for (const { from } of messages) assert(from.id === 'ann', 'T3: the message is from ann', () => from)
    }
    assertReceived(fromCy, [], 'T3: nothing arrives in another sender’s conversation')
  }),

  rule('T4: nobody receives their own messages, on any of their devices', async ({ join }) => {
    const [one, two, other] = await Promise.all([join(ann), join(ann), join(bob)])
    const conversations = [team, { user: 'bob' }, { user: 'ann' }]
    const own = [one, two].map((device) => conversations.map((conversation) => device.subscribe(conversation)))
    const others = subscribeToBoth(other)
    const waitUntilOwnReached = async () => {
      for (const [group, oneToOne] of own) {
        if (!group || !oneToOne) continue
        await waitUntilReached(other, team, group)
        await waitUntilReached(other, { user: 'ann' }, oneToOne)
      }
    }
    await waitUntilOwnReached()
    await others.waitUntilReached(one)
    for (const device of [one, two]) {
      await device.sendAccepted(team, 'to the group')
      await device.sendAccepted({ user: 'bob' }, 'to bob')
      await device.sendNote({ user: 'ann' }, 'to myself')
    }
    await waitUntil(
      () => others.both.every(({ messages }) => messages.length >= 2),
      'the other user receives both',
      () => others.both.map(({ data }) => data()),
    )
    await waitUntilOwnReached()
    for (const inbox of own.flat()) assertReceived(inbox, [], 'T4: nobody receives their own messages')
  }),
]
