/** Who receives, and from when on: T1, T5, G1 and G2. */
import type { ContractCase } from './test-network.ts'
import { waitUntil } from './assertions.ts'
import { assertReceived } from './inbox.ts'
import { gapRule, rule } from './rule.ts'
import { ann, bob, cy } from './test-device.ts'
import { subscribeToBoth, team, waitUntilReached } from './wait-until-reached.ts'

export const gapRules: readonly ContractCase[] = [
  gapRule('T1: connection shows when a device is off the network, and when it is back', async ({ join }) => {
    const device = await join(ann)
    const { connection } = device.transport
    const states: string[] = []
    const unsubscribe = connection.subscribe((state) => states.push(state))
    await device.disconnect()
    await waitUntil(
      () => states.length > 0 && !states.includes('online'),
      'subscribers of the connection learn that the device is not online any more',
      () => states,
    )
    await device.reconnect()
    await waitUntil(
      () => states.at(-1) === 'online',
      'subscribers of the connection learn that the device is online again',
      () => states,
    )
    unsubscribe()
  }),

  gapRule(
    'T1: nothing is queued: what is sent off the network is refused as offline, and never arrives',
    async ({ join }) => {
      const [sender, receiver] = await Promise.all([join(ann), join(bob)])
      const inboxes = subscribeToBoth(receiver)
      await inboxes.waitUntilReached(sender)
      await sender.disconnect()
      await Promise.all(
        [1, 2, 3].flatMap((n) => [sender.sendWhileOffline({ user: 'bob' }, n), sender.sendWhileOffline(team, n)]),
      )
      await sender.reconnect()
      await inboxes.waitUntilReached(sender)
      for (const inbox of inboxes.both) assertReceived(inbox, [], 'T1: nothing is queued across a disconnect')
    },
  ),

  gapRule('G1: what is sent while a receiver is away never arrives there', async ({ join }) => {
    const [sender, receiver, witness] = await Promise.all([join(ann), join(bob), join(cy)])
    const inboxes = subscribeToBoth(receiver)
    const witnessed = witness.subscribe(team)
    await inboxes.waitUntilReached(sender)
    await waitUntilReached(sender, team, witnessed)
    await receiver.disconnect()
    for (const n of [1, 2, 3]) {
      await sender.sendAccepted({ user: 'bob' }, n)
      await sender.sendAccepted(team, n)
    }
    await waitUntil(() => witnessed.messages.length >= 3, 'the witness, who stayed, receives the group', witnessed.data)
    await receiver.reconnect()
    await inboxes.waitUntilReached(sender)
    for (const inbox of inboxes.both) assertReceived(inbox, [], 'G1: never late')
  }),

  rule('G2: a device that comes later never receives what was sent before', async ({ join }) => {
    const [sender, first] = await Promise.all([join(ann), join(bob)])
    const before = subscribeToBoth(first)
    await before.waitUntilReached(sender)
    await sender.sendAccepted({ user: 'bob' }, 'early')
    await sender.sendAccepted(team, 'early')
    await waitUntil(
      () => before.both.every(({ messages }) => messages.length > 0),
      'the first device receives both',
      () => before.both.map(({ data }) => data()),
    )
    const second = await join(bob)
    const after = subscribeToBoth(second)
    const later = first.subscribe(team)
    await after.waitUntilReached(sender)
    await waitUntilReached(sender, team, later)
    for (const inbox of [...after.both, later]) assertReceived(inbox, [], 'G2: never on another device later')
  }),

  rule('T5: a group is received from the first subscriber to the last', async ({ join }) => {
    const [sender, receiver, witness] = await Promise.all([join(ann), join(bob), join(cy)])
    const [one, two] = [receiver.subscribe(team), receiver.subscribe(team)]
    const witnessed = witness.subscribe(team)
    await waitUntilReached(sender, team, one, two, witnessed)
    one.unsubscribe()
    await sender.sendAccepted(team, 'for one')
    await waitUntilReached(sender, team, two, witnessed)
    assertReceived(one, [], 'T5: an inbox that has unsubscribed receives nothing')
    assertReceived(two, ['for one'], 'T5: an inbox that has not unsubscribed still receives')
    two.unsubscribe()
    // An unsubscription has taken effect when a later message is answered.
    await receiver.sendAccepted({ group: 'elsewhere' }, 'gone')
    await sender.sendAccepted(team, 'for nobody')
    await waitUntil(() => witnessed.data().includes('for nobody'), 'the witness receives', witnessed.data)
    const again = receiver.subscribe(team)
    await waitUntilReached(sender, team, again)
    assertReceived(again, [], 'T5: nothing is kept for a later subscription')
    assertReceived(two, ['for one'], 'T5: an inbox that has unsubscribed receives nothing')
  }),

  gapRule('T5: subscriptions are valid again after a reconnect', async ({ join }) => {
    const [sender, receiver] = await Promise.all([join(ann), join(bob)])
    const inboxes = subscribeToBoth(receiver)
    await inboxes.waitUntilReached(sender)
    for (let time = 1; time <= 2; time++) {
      await receiver.disconnect()
      await receiver.reconnect()
      await inboxes.waitUntilReached(sender)
    }
    await sender.disconnect()
    await sender.reconnect()
    await sender.sendAccepted(team, 'both are back')
    await waitUntil(() => inboxes.group.messages.length > 0, 'T5: the group is received', inboxes.group.data)
  }),

  gapRule(
    'T5: subscriptions that ended or began while away have ended or begun after a reconnect',
    async ({ join }) => {
      const [sender, receiver] = await Promise.all([join(ann), join(bob)])
      const ended = receiver.subscribe(team)
      const kept = receiver.subscribe({ user: 'ann' })
      await waitUntilReached(sender, team, ended)
      await receiver.disconnect()
      ended.unsubscribe()
      const begun = receiver.subscribe({ group: 'new' })
      await receiver.reconnect()
      await waitUntilReached(sender, { group: 'new' }, begun)
      await sender.sendAccepted(team, 'for nobody')
      await waitUntilReached(sender, { user: 'bob' }, kept)
      assertReceived(ended, [], 'T5: an inbox that has unsubscribed receives nothing')
    },
  ),
]
