/** What is carried while everybody is connected: T2, T3, T4 and T6. */
import type { OutgoingMessage } from '../core/transport/transport.ts'
import type { ContractCase } from './test-network.ts'
import { rule } from './rule.ts'
import { ann, bob, cy, demand, heard, listen, reach, team, until } from './stage.ts'
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

/** What is no message: each is refused, and hurts nobody. */
const nonsense = (): [what: string, message: unknown][] => {
  const circle: Record<string, unknown> = {}
  circle.self = circle
  const good = { conversation: { user: 'bob' }, command: 'contract.nonsense', data: 1 }
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
    ['a command that is no string', { ...good, command: 7 }],
    ['no conversation', { ...good, conversation: undefined }],
    ['an empty conversation', { ...good, conversation: {} }],
    ['a user and a group', { ...good, conversation: { user: 'bob', group: 'team' } }],
    ['a user that is no string', { ...good, conversation: { user: 7 } }],
  ]
}

export const carrying: readonly ContractCase[] = [
  rule('T6 a message reaches every device of the other user, as it was sent', async ({ join }) => {
    const [sender, one, two] = await Promise.all([join(ann), join(bob), join(bob)])
    const hearings = [one.hear({ user: 'ann' }), two.hear({ user: 'ann' })]
    await reach(sender, { user: 'bob' }, ...hearings)
    const data = { text: 'ünï ✓ \u0000"', list: [1, null, { deep: true }], none: null }
    await sender.mustSay({ user: 'bob' }, data)
    await reach(sender, { user: 'bob' }, ...hearings)
    for (const hearing of hearings) {
      heard(hearing, [data], 'T6 nothing is lost while connected')
      const [message] = hearing.messages
      demand(message?.conversation.user === 'ann', 'one-to-one, conversation.user is the sender', () => message)
    }
  }),

  rule('T6 several messages in one tick all arrive, in order, one-to-one and in a group', async ({ join }) => {
    const [sender, one, two] = await Promise.all([join(ann), join(bob), join(cy)])
    const alone = one.hear({ user: 'ann' })
    const together = [one.hear(team), two.hear(team)]
    await reach(sender, { user: 'bob' }, alone)
    await reach(sender, team, ...together)
    const sent = numbers(20)
    await Promise.all(sent.flatMap((number) => [sender.mustSay({ user: 'bob' }, number), sender.mustSay(team, number)]))
    await reach(sender, { user: 'bob' }, alone)
    await reach(sender, team, ...together)
    for (const hearing of [alone, ...together]) {
      heard(hearing, sent, 'T6 all of them, in this order')
    }
  }),

  rule('T6 a group, its threads, other groups and one-to-one are heard apart', async ({ join }) => {
    const [sender, receiver, other] = await Promise.all([join(ann), join(bob), join(cy)])
    const places = [team, { group: 'team', thread: 'a' }, { group: 'a' }, { group: 'ann' }]
    const inGroups = places.map((place) => ({ place, hearing: receiver.hear(place) }))
    const pairs = [
      { place: { user: 'bob' }, hearing: receiver.hear({ user: 'ann' }) },
      { place: { user: 'bob', thread: 'a' }, hearing: receiver.hear({ user: 'ann', thread: 'a' }) },
    ]
    const all = [...inGroups, ...pairs]
    const stranger = other.hear({ user: 'ann' })
    const strangers = [stranger, other.hear({ user: 'bob' }), receiver.hear({ user: 'cy' })]
    for (const { place, hearing } of all) await reach(sender, place, hearing)
    for (const { place } of all) await sender.mustSay(place, place)
    for (const { place, hearing } of all) await reach(sender, place, hearing)
    await reach(sender, { user: 'cy' }, stranger)
    for (const { place, hearing } of all) {
      heard(hearing, [place], 'what is sent to one place is heard there and nowhere else')
    }
    for (const hearing of strangers) heard(hearing, [], 'nobody hears what was sent to others')
  }),

  rule('T1 nobody hears a message twice', async ({ join }) => {
    const [sender, receiver] = await Promise.all([join(ann), join(bob)])
    const [ears, more] = [listen(receiver), listen(receiver)]
    const open = async () => {
      await ears.reachedBy(sender)
      await more.reachedBy(sender)
    }
    await open()
    for (const number of numbers(5)) {
      await sender.mustSay({ user: 'bob' }, number)
      await sender.mustSay(team, number)
    }
    await open()
    for (const { who, data } of [...ears.both, ...more.both]) {
      demand(new Set(data()).size === data().length, `T1 ${who} hears each message once`, data)
    }
  }),

  rule('T2 send answers whatever it is given, and never throws or rejects', async ({ join }) => {
    const [sender, receiver] = await Promise.all([join(ann), join(bob)])
    const hearing = receiver.hear({ user: 'ann' })
    await reach(sender, { user: 'bob' }, hearing)
    for (const [what, message] of nonsense()) {
      const answer = await sender.send(message as OutgoingMessage)
      demand(!answer.ok && answer.message !== '', `T2 ${what} is refused, with a reason`, () => answer)
    }
    // Too large for most, and what is not has to arrive; in any case the connection lives.
    await sender.send({ conversation: { user: 'bob' }, command: 'contract.large', data: 'x'.repeat(2_000_000) })
    await reach(sender, { user: 'bob' }, hearing)
  }),

  rule('T3 from is written by the trusted side, whatever the sender says', async ({ join }) => {
    const [sender, receiver] = await Promise.all([join(ann), join(bob)])
    const forged = { id: 'cy', name: 'Cy' }
    const ears = listen(receiver)
    const another = receiver.hear({ user: 'cy' })
    await ears.reachedBy(sender)
    for (const conversation of [{ user: 'bob' }, team]) {
      const message = {
        conversation: { ...conversation, from: forged },
        command: 'contract.say',
        data: { from: forged },
        from: forged,
        user: forged,
      }
      await sender.send(message)
    }
    await ears.reachedBy(sender)
    for (const { messages } of ears.both) {
      for (const { from } of messages) demand(from.id === 'ann', 'T3 the message is from ann', () => from)
    }
    heard(another, [], 'T3 nothing arrives in another sender’s conversation')
  }),

  rule('T4 you never hear yourself, on any of your devices', async ({ join }) => {
    const [one, two, other] = await Promise.all([join(ann), join(ann), join(bob)])
    const places = [team, { user: 'bob' }, { user: 'ann' }]
    const own = [one, two].map((device) => places.map((place) => device.hear(place)))
    const others = listen(other)
    const open = async () => {
      for (const [group, pair] of own)
        if (group && pair) {
          await reach(other, team, group)
          await reach(other, { user: 'ann' }, pair)
        }
    }
    await open()
    await others.reachedBy(one)
    for (const device of [one, two]) {
      await device.mustSay(team, 'to the group')
      await device.mustSay({ user: 'bob' }, 'to bob')
      await device.say({ user: 'ann' }, 'to myself')
    }
    await until(
      () => others.both.every(({ messages }) => messages.length >= 2),
      'the other one hears both',
      () => others.both.map(({ data }) => data()),
    )
    await open()
    for (const hearing of own.flat()) heard(hearing, [], 'T4 nobody hears themselves')
  }),
]
