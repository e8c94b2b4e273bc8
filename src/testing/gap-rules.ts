/** Who hears, and when: T1, T5, G1 and G2. */
import type { ContractCase } from './test-network.ts'
import { rule, ruleOfGaps } from './rule.ts'
import { ann, bob, cy, heard, listen, reach, team, until } from './stage.ts'

export const gaps: readonly ContractCase[] = [
  ruleOfGaps('T1 connection tells when a device is off, and when it is back', async ({ join }) => {
    const device = await join(ann)
    const { connection } = device.transport
    const states: string[] = []
    const end = connection.subscribe((state) => states.push(state))
    await device.disconnect()
    await until(
      () => states.length > 0 && !states.includes('online'),
      'subscribers are told that the device is not online any more',
      () => states,
    )
    await device.reconnect()
    await until(
      () => states.at(-1) === 'online',
      'subscribers are told that the device is online again',
      () => states,
    )
    end()
  }),

  ruleOfGaps(
    'T1 nothing is queued: what is sent while cut is refused as offline, and never arrives',
    async ({ join }) => {
      const [sender, receiver] = await Promise.all([join(ann), join(bob)])
      const ears = listen(receiver)
      await ears.reachedBy(sender)
      await sender.disconnect()
      await Promise.all([1, 2, 3].flatMap((n) => [sender.mustNotSay({ user: 'bob' }, n), sender.mustNotSay(team, n)]))
      await sender.reconnect()
      await ears.reachedBy(sender)
      for (const hearing of ears.both) heard(hearing, [], 'T1 nothing is queued across a disconnect')
    },
  ),

  ruleOfGaps('G1 what is sent while a receiver is away is never heard there', async ({ join }) => {
    const [sender, receiver, witness] = await Promise.all([join(ann), join(bob), join(cy)])
    const ears = listen(receiver)
    const seen = witness.hear(team)
    await ears.reachedBy(sender)
    await reach(sender, team, seen)
    await receiver.disconnect()
    for (const n of [1, 2, 3]) {
      await sender.mustSay({ user: 'bob' }, n)
      await sender.mustSay(team, n)
    }
    await until(() => seen.messages.length >= 3, 'who stayed hears the group', seen.data)
    await receiver.reconnect()
    await ears.reachedBy(sender)
    for (const hearing of ears.both) heard(hearing, [], 'G1 never late')
  }),

  rule('G2 a device that comes later never hears what was sent before', async ({ join }) => {
    const [sender, first] = await Promise.all([join(ann), join(bob)])
    const before = listen(first)
    await before.reachedBy(sender)
    await sender.mustSay({ user: 'bob' }, 'early')
    await sender.mustSay(team, 'early')
    await until(
      () => before.both.every(({ messages }) => messages.length > 0),
      'the first device hears both',
      () => before.both.map(({ data }) => data()),
    )
    const second = await join(bob)
    const after = listen(second)
    const later = first.hear(team)
    await after.reachedBy(sender)
    await reach(sender, team, later)
    for (const hearing of [...after.both, later]) heard(hearing, [], 'G2 never on another device later')
  }),

  rule('T5 a group is heard from the first subscriber to the last', async ({ join }) => {
    const [sender, receiver, witness] = await Promise.all([join(ann), join(bob), join(cy)])
    const [one, two] = [receiver.hear(team), receiver.hear(team)]
    const seen = witness.hear(team)
    await reach(sender, team, one, two, seen)
    one.end()
    await sender.mustSay(team, 'for one')
    await reach(sender, team, two, seen)
    heard(one, [], 'T5 who has unsubscribed hears nothing')
    heard(two, ['for one'], 'T5 who has not unsubscribed still hears')
    two.end()
    // Whoever leaves has left when the answer to something later is there.
    await receiver.mustSay({ group: 'elsewhere' }, 'gone')
    await sender.mustSay(team, 'for nobody')
    await until(() => seen.data().includes('for nobody'), 'who stayed hears', seen.data)
    const again = receiver.hear(team)
    await reach(sender, team, again)
    heard(again, [], 'T5 nothing is kept for who comes back')
    heard(two, ['for one'], 'T5 who has unsubscribed hears nothing')
  }),

  ruleOfGaps('T5 what was subscribed to is heard again after a reconnect', async ({ join }) => {
    const [sender, receiver] = await Promise.all([join(ann), join(bob)])
    const ears = listen(receiver)
    await ears.reachedBy(sender)
    for (let time = 1; time <= 2; time++) {
      await receiver.disconnect()
      await receiver.reconnect()
      await ears.reachedBy(sender)
    }
    await sender.disconnect()
    await sender.reconnect()
    await sender.mustSay(team, 'both are back')
    await until(() => ears.group.messages.length > 0, 'T5 the group is heard', ears.group.data)
  }),

  ruleOfGaps('T5 what ended or began while away is so after a reconnect', async ({ join }) => {
    const [sender, receiver] = await Promise.all([join(ann), join(bob)])
    const ended = receiver.hear(team)
    const kept = receiver.hear({ user: 'ann' })
    await reach(sender, team, ended)
    await receiver.disconnect()
    ended.end()
    const begun = receiver.hear({ group: 'new' })
    await receiver.reconnect()
    await reach(sender, { group: 'new' }, begun)
    await sender.mustSay(team, 'for nobody')
    await reach(sender, { user: 'bob' }, kept)
    heard(ended, [], 'T5 who has unsubscribed hears nothing')
  }),
]
