/** Typing over the transport, whether leases travel as they are or a server sends typing updates. */
import { createOnlineMessageClient, type OnlineMessageClient } from '../core/client.ts'
import { TYPING_COMMAND } from '../core/message/commands.ts'
import type { Conversation } from '../core/message/conversation.ts'
import { parseLease } from '../core/typing/typing.ts'
import type { ContractCase } from './test-network.ts'
import { assert, waitUntil } from './assertions.ts'
import { NOTE } from './inbox.ts'
import { gapRule, rule } from './rule.ts'
import { ann, bob, type TestDevice } from './test-device.ts'
import { team, waitUntilReached } from './wait-until-reached.ts'

const clientOf = ({ transport }: TestDevice): OnlineMessageClient =>
  createOnlineMessageClient({ transport, heartbeatInterval: 1000 })

/** Who types, as one device shows it, and everything that it has shown. */
function watchTypists(device: TestDevice, conversation: Conversation) {
  const store = clientOf(device).typists(conversation)
  const shown: string[] = []
  const unsubscribe = store.subscribe(({ typists }) => shown.push(typists.map(({ id }) => id).join()))
  return { now: () => shown.at(-1) ?? '', shown, unsubscribe }
}

export const typingRules: readonly ContractCase[] = [
  rule('T4: typing is shown to the others and not to oneself, and goes when it ends', async ({ join }) => {
    const [typist, own, other] = await Promise.all([join(ann), join(ann), join(bob)])
    const [seen, unseen, unseenHere] = [watchTypists(other, team), watchTypists(own, team), watchTypists(typist, team)]
    const ownInboxes = [own.subscribe(team), typist.subscribe(team)]
    await waitUntilReached(typist, team, other.subscribe(team))
    await waitUntilReached(other, team, ...ownInboxes)
    const typing = clientOf(typist).typing(team)
    for (let time = 1; time <= 2; time++) {
      const release = typing.startActivity('recording')
      await waitUntil(() => seen.now() === 'ann', 'bob sees ann', seen.now)
      release()
      await waitUntil(() => seen.now() === '', 'bob sees nobody any more', seen.now)
    }
    await waitUntilReached(other, team, ...ownInboxes)
    assert(!unseen.shown.length && !unseenHere.shown.length, 'T4: nobody sees themselves type', () => [
      unseen.shown,
      unseenHere.shown,
    ])
    for (const { unsubscribe } of [seen, unseen, unseenHere]) unsubscribe()
  }),

  rule('T6: typing ends before the message that ends it', async ({ join }) => {
    const [sender, receiver] = await Promise.all([join(ann), join(bob)])
    const events: string[] = []
    const inbox = receiver.subscribe({ user: 'ann' })
    const unsubscribe = receiver.transport.subscribe(
      { user: 'ann' },
      {
        message({ command, data }) {
          if (command === TYPING_COMMAND) events.push(parseLease(data).ttl ? 'typing' : 'nobody')
          else if (command === NOTE) events.push('message')
        },
        typists: ({ total }) => events.push(total ? 'typing' : 'nobody'),
      },
    )
    await waitUntilReached(sender, { user: 'bob' }, inbox)
    const typing = clientOf(sender).typing({ user: 'bob' })
    for (let time = 1; time <= 5; time++) {
      typing.keystroke('a')
      await waitUntil(
        () => events.at(-1) === 'typing',
        'bob learns that ann types',
        () => events,
      )
      typing.stop()
      await sender.sendAccepted({ user: 'bob' }, time)
      await waitUntil(
        () => inbox.messages.length >= time,
        'bob receives the message',
        () => events,
      )
      assert(
        events.lastIndexOf('nobody') < events.lastIndexOf('message') &&
          events.lastIndexOf('typing') < events.lastIndexOf('nobody'),
        'T6: typing, nobody, message, in this order',
        () => events,
      )
    }
    unsubscribe()
  }),

  gapRule('G1: a typist who stopped while a receiver was away is not shown there', async ({ join }) => {
    const [typist, receiver] = await Promise.all([join(ann), join(bob)])
    const seen = watchTypists(receiver, { user: 'ann' })
    const inbox = receiver.subscribe({ user: 'ann' })
    await waitUntilReached(typist, { user: 'bob' }, inbox)
    const release = clientOf(typist).typing({ user: 'bob' }).startActivity('typing')
    await waitUntil(() => seen.now() === 'ann', 'bob sees ann', seen.now)
    await receiver.disconnect()
    await waitUntil(() => seen.now() === '', 'R5: bob’s own disconnect empties the list', seen.now)
    const before = seen.shown.length
    release()
    await typist.sendAccepted({ user: 'bob' }, 'lost')
    await receiver.reconnect()
    await waitUntilReached(typist, { user: 'bob' }, inbox)
    assert(seen.shown.length === before, 'G1: nobody is shown', () => seen.shown)
    seen.unsubscribe()
  }),
]
