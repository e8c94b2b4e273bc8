/** What is delivered while everybody is connected: T1 and T6. */
import { assert } from './assertions.ts'
import { assertReceived } from './inbox.ts'
import { rule } from './rule.ts'
import { ann, bob, cy } from './test-device.ts'
import type { ContractCase } from './test-network.ts'
import { subscribeToBoth, team, waitUntilReached } from './wait-until-reached.ts'

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

export const deliveryRules: readonly ContractCase[] = [
  rule('T6: a message reaches every device of the other user, as it was sent', async ({ join }) => {
    const [sender, one, two] = await Promise.all([join(ann), join(bob), join(bob)])
    const inboxes = [one.subscribe({ user: 'ann' }), two.subscribe({ user: 'ann' })]
    await waitUntilReached(sender, { user: 'bob' }, ...inboxes)
    const data = { text: 'ünï ✓ \u0000"', list: [1, null, { deep: true }], none: null }
    await sender.sendAccepted({ user: 'bob' }, data)
    await waitUntilReached(sender, { user: 'bob' }, ...inboxes)
    for (const inbox of inboxes) {
      assertReceived(inbox, [data], 'T6: nothing is lost while connected')
      const [message] = inbox.messages
      assert(message?.conversation.user === 'ann', 'one-to-one, conversation.user is the sender', () => message)
    }
  }),

  rule('T6: several messages in one tick all arrive, in order, one-to-one and in a group', async ({ join }) => {
    const [sender, one, two] = await Promise.all([join(ann), join(bob), join(cy)])
    const oneToOne = one.subscribe({ user: 'ann' })
    const inGroup = [one.subscribe(team), two.subscribe(team)]
    await waitUntilReached(sender, { user: 'bob' }, oneToOne)
    await waitUntilReached(sender, team, ...inGroup)
    const sent = numbers(20)
    await Promise.all(
      sent.flatMap((number) => [sender.sendAccepted({ user: 'bob' }, number), sender.sendAccepted(team, number)]),
    )
    await waitUntilReached(sender, { user: 'bob' }, oneToOne)
    await waitUntilReached(sender, team, ...inGroup)
    for (const inbox of [oneToOne, ...inGroup]) {
      assertReceived(inbox, sent, 'T6: all of them, in this order')
    }
  }),

  rule('T6: a group, its threads, other groups and one-to-one are kept apart', async ({ join }) => {
    const [sender, receiver, other] = await Promise.all([join(ann), join(bob), join(cy)])
    const groups = [team, { group: 'team', thread: 'a' }, { group: 'a' }, { group: 'ann' }]
    const inGroups = groups.map((conversation) => ({ sentTo: conversation, inbox: receiver.subscribe(conversation) }))
    const pairs = [
      { sentTo: { user: 'bob' }, inbox: receiver.subscribe({ user: 'ann' }) },
      { sentTo: { user: 'bob', thread: 'a' }, inbox: receiver.subscribe({ user: 'ann', thread: 'a' }) },
    ]
    const all = [...inGroups, ...pairs]
    const stranger = other.subscribe({ user: 'ann' })
    const strangers = [stranger, other.subscribe({ user: 'bob' }), receiver.subscribe({ user: 'cy' })]
    for (const { sentTo, inbox } of all) await waitUntilReached(sender, sentTo, inbox)
    for (const { sentTo } of all) await sender.sendAccepted(sentTo, sentTo)
    for (const { sentTo, inbox } of all) await waitUntilReached(sender, sentTo, inbox)
    await waitUntilReached(sender, { user: 'cy' }, stranger)
    for (const { sentTo, inbox } of all) {
      assertReceived(inbox, [sentTo], 'T6: what is sent to one conversation is received there and nowhere else')
    }
    for (const inbox of strangers) assertReceived(inbox, [], 'T6: nobody receives what was sent to others')
  }),

  rule('T1: nobody receives a message twice', async ({ join }) => {
    const [sender, receiver] = await Promise.all([join(ann), join(bob)])
    const pairs = [subscribeToBoth(receiver), subscribeToBoth(receiver)]
    for (const pair of pairs) await pair.waitUntilReached(sender)
    for (const number of numbers(5)) {
      await sender.sendAccepted({ user: 'bob' }, number)
      await sender.sendAccepted(team, number)
    }
    for (const pair of pairs) await pair.waitUntilReached(sender)
    for (const { owner, data } of pairs.flatMap(({ both }) => both)) {
      assert(new Set(data()).size === data().length, `T1: ${owner} receives each message once`, data)
    }
  }),
]
