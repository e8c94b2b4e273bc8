/** What happens when the engine is lost and comes back: B9, B11 and B12. */
import { waitUntil } from '../assertions.ts'
import type { BusContractCase } from './bus-network.ts'
import { type BusCaseContext, busRule, interruptionRule } from './bus-rule.ts'
import { assertOnlyReceived, type ChannelInbox, waitUntilReceived } from './test-node.ts'

/** Waits until a subscription has taken effect once more than before. */
const waitUntilActiveAgain = (inbox: ChannelInbox, timesBefore: number) =>
  waitUntil(
    () => inbox.timesActive() > timesBefore,
    `B12: ${inbox.owner}'s onActive is called again after the interruption`,
    () => 'it is not called',
  )

/** The channels that the publisher publishes on after an interruption. */
const CHANNELS = ['a', 'kept', 'begun']

/**
 * A publisher, and a receiver whose subscription is active. The publisher subscribes, too: when its own subscriptions
 * are active again, what it publishes on their channels leaves.
 */
async function startPair({ join, channel, interrupt, restore }: BusCaseContext) {
  const [publisher, receiver] = await Promise.all([join(), join()])
  const inbox = await receiver.subscribeActively(channel('a'))
  const back = await publisher.subscribeActively(channel('back'))
  const others = await Promise.all(CHANNELS.map((name) => publisher.subscribeActively(channel(name))))
  await publisher.publish(channel('a'), 'before')
  await receiver.publish(channel('back'), 'before')
  await waitUntilReceived('B1', [inbox, back], ['before'])

  /** Both publish during an interruption. Some buses notice it only if messages have been lost. */
  const interruptWhilePublishing = async (during: () => void = () => {}) => {
    const inboxes = [inbox, back, ...others].map((each) => ({ each, timesBefore: each.timesActive() }))
    await interrupt()
    during()
    for (let number = 1; number <= 3; number++) {
      await publisher.publish(channel('a'), `during ${number}`)
      await receiver.publish(channel('back'), `during ${number}`)
    }
    await restore()
    for (const { each, timesBefore } of inboxes) await waitUntilActiveAgain(each, timesBefore)
  }
  return { publisher, receiver, inbox, interruptWhilePublishing }
}

export const busInterruptionRules: readonly BusContractCase[] = [
  busRule('B9: publish never throws and never rejects, also when nobody is subscribed', async ({ join, channel }) => {
    const publisher = await join()
    await publisher.publish(channel('a'), 'x')
    await publisher.publish(channel('a'), 'x'.repeat(65_536))
    await Promise.all([1, 2, 3].map(() => publisher.publish(channel('b'), '')))
  }),

  interruptionRule('B11: nothing that is published during an interruption arrives after it', async (context) => {
    const { publisher, inbox, interruptWhilePublishing } = await startPair(context)
    await interruptWhilePublishing()
    await publisher.publish(context.channel('a'), 'after')
    await waitUntilReceived('B11', [inbox], ['before', 'after'])
  }),

  interruptionRule('B12: subscriptions are valid again after an interruption, and say so', async (context) => {
    const { channel } = context
    const { publisher, receiver, inbox, interruptWhilePublishing } = await startPair(context)
    const ended = await receiver.subscribeActively(channel('ended'))
    const kept = await receiver.subscribeActively(channel('kept'))
    const begun: ChannelInbox[] = []
    await interruptWhilePublishing(() => {
      ended.unsubscribe()
      begun.push(receiver.subscribe(channel('begun')))
    })
    for (const each of begun) await waitUntilActiveAgain(each, 0)
    for (const name of ['ended', ...CHANNELS]) await publisher.publish(channel(name), 'after')
    await waitUntilReceived('B12', [inbox], ['before', 'after'])
    await waitUntilReceived('B12', [kept, ...begun], ['after'])
    assertOnlyReceived('B6', ended, [])
  }),
]
