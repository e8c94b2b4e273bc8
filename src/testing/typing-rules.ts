/** Typing over the transport, whether leases travel as they are or a server tells digests. */
import { createOnlineMessageClient, type OnlineMessageClient } from '../core/client.ts'
import { TYPING_COMMAND } from '../core/message/commands.ts'
import type { Conversation } from '../core/message/conversation.ts'
import { parseLease } from '../core/typing/typing.ts'
import type { ContractCase } from './test-network.ts'
import { rule, ruleOfGaps } from './rule.ts'
import { type Actor, ann, bob, demand, reach, team, until } from './stage.ts'

const clientOf = ({ transport }: Actor): OnlineMessageClient =>
  createOnlineMessageClient({ transport, heartbeatInterval: 1000 })

/** Who types for one device, and everything its screen has shown. */
function watch(actor: Actor, conversation: Conversation) {
  const store = clientOf(actor).typists(conversation)
  const shown: string[] = []
  const end = store.subscribe(({ typists }) => shown.push(typists.map(({ id }) => id).join()))
  return { now: () => shown.at(-1) ?? '', shown, end }
}

export const typingRules: readonly ContractCase[] = [
  rule('T4 typing is shown to the others and not to oneself, and goes when it ends', async ({ join }) => {
    const [typist, own, other] = await Promise.all([join(ann), join(ann), join(bob)])
    const [seen, unseen, unseenHere] = [watch(other, team), watch(own, team), watch(typist, team)]
    const hearings = [own.hear(team), typist.hear(team)]
    await reach(typist, team, other.hear(team))
    await reach(other, team, ...hearings)
    const typing = clientOf(typist).typing(team)
    for (let time = 1; time <= 2; time++) {
      const release = typing.startActivity('recording')
      await until(() => seen.now() === 'ann', 'bob sees ann', seen.now)
      release()
      await until(() => seen.now() === '', 'bob sees nobody any more', seen.now)
    }
    await reach(other, team, ...hearings)
    demand(!unseen.shown.length && !unseenHere.shown.length, 'T4 nobody sees themselves type', () => [
      unseen.shown,
      unseenHere.shown,
    ])
    for (const { end } of [seen, unseen, unseenHere]) end()
  }),

  rule('T6 typing ends before the message that ends it', async ({ join }) => {
    const [sender, receiver] = await Promise.all([join(ann), join(bob)])
    const events: string[] = []
    const hearing = receiver.hear({ user: 'ann' })
    const end = receiver.transport.subscribe(
      { user: 'ann' },
      {
        message({ command, data }) {
          if (command === TYPING_COMMAND) events.push(parseLease(data).ttl ? 'typing' : 'nobody')
          else if (command === 'contract.say') events.push('message')
        },
        typists: ({ total }) => events.push(total ? 'typing' : 'nobody'),
      },
    )
    await reach(sender, { user: 'bob' }, hearing)
    const typing = clientOf(sender).typing({ user: 'bob' })
    for (let time = 1; time <= 5; time++) {
      typing.keystroke('a')
      await until(
        () => events.at(-1) === 'typing',
        'bob is told that ann types',
        () => events,
      )
      typing.stop()
      await sender.mustSay({ user: 'bob' }, time)
      await until(
        () => hearing.messages.length >= time,
        'bob hears the message',
        () => events,
      )
      demand(
        events.lastIndexOf('nobody') < events.lastIndexOf('message') &&
          events.lastIndexOf('typing') < events.lastIndexOf('nobody'),
        'T6 typing, nobody, message, in this order',
        () => events,
      )
    }
    end()
  }),

  ruleOfGaps('G1 whoever stopped typing while a receiver was away is not shown there', async ({ join }) => {
    const [typist, receiver] = await Promise.all([join(ann), join(bob)])
    const seen = watch(receiver, { user: 'ann' })
    const hearing = receiver.hear({ user: 'ann' })
    await reach(typist, { user: 'bob' }, hearing)
    const release = clientOf(typist).typing({ user: 'bob' }).startActivity('typing')
    await until(() => seen.now() === 'ann', 'bob sees ann', seen.now)
    await receiver.disconnect()
    await until(() => seen.now() === '', 'R5 bob’s own disconnect empties the list', seen.now)
    const before = seen.shown.length
    release()
    await typist.mustSay({ user: 'bob' }, 'lost')
    await receiver.reconnect()
    await reach(typist, { user: 'bob' }, hearing)
    demand(seen.shown.length === before, 'G1 nobody is shown', () => seen.shown)
    seen.end()
  }),
]
