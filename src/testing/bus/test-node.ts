import type { Bus } from '../../server/cluster/bus.ts'
import { assert, show, waitUntil } from '../assertions.ts'

/** What one subscription has received. */
export interface ChannelInbox {
  /** The node that has subscribed, for errors. */
  readonly owner: string
  readonly messages: readonly string[]
  /** How often the subscription has taken effect. */
  timesActive(): number
  unsubscribe(): void
}

/** One node under test, with what the cases do on it. */
export interface TestNode {
  /** Publishes, and fails the case when `publish` throws or rejects. */
  publish(channel: string, message: string): Promise<number | undefined>
  /** Fails the case when anything is called within `subscribe`, or after unsubscribing. */
  subscribe(channel: string, listener?: { onMessage?(message: string): void; onActive?(): void }): ChannelInbox
  /** Subscribes, and waits until it has taken effect. */
  subscribeActively(channel: string): Promise<ChannelInbox>
}

export interface TestNodeParts {
  /** Its name in errors. */
  readonly owner: string
  readonly bus: Bus
  /** What has to be ended after the case is added here. */
  readonly subscriptions: (() => void)[]
  /** What has to be checked at the end of the case is added here. */
  readonly lastChecks: (() => void)[]
}

export function createTestNode({ owner, bus, subscriptions, lastChecks }: TestNodeParts): TestNode {
  const subscribe: TestNode['subscribe'] = (channel, { onMessage, onActive } = {}) => {
    const messages: string[] = []
    let timesActive = 0
    let isSubscribing = true
    let isEnded = false
    /** What a listener throws would end in the bus. So the case fails later. */
    const violations: string[] = []
    const check = (what: string) => {
      if (isSubscribing) violations.push(`${what} was called within subscribe`)
      if (isEnded) violations.push(`${what} was called after unsubscribing`)
    }
    const end = bus.subscribe(
      channel,
      (message) => {
        check('onMessage')
        messages.push(message)
        onMessage?.(message)
      },
      () => {
        check('onActive')
        timesActive++
        onActive?.()
      },
    )
    isSubscribing = false
    const unsubscribe = () => {
      end()
      isEnded = true
    }
    subscriptions.push(unsubscribe)
    lastChecks.push(() =>
      assert(
        violations.length === 0,
        `B6: ${owner} is not called within subscribe or after unsubscribing`,
        () => violations,
      ),
    )
    return { owner, messages, timesActive: () => timesActive, unsubscribe }
  }

  return {
    subscribe,
    async publish(channel, message) {
      let count: number | undefined
      try {
        count = await bus.publish(channel, message)
      } catch (error) {
        assert(false, `B9: publish never throws and never rejects, as it did with ${show(message)}`, () =>
          String(error),
        )
      }
      const isCount = count === undefined || (Number.isSafeInteger(count) && count >= 0)
      assert(isCount, 'B10: publish resolves to a count or to undefined', () => count)
      return count
    },
    async subscribeActively(channel) {
      const inbox = subscribe(channel)
      await waitUntil(
        () => inbox.timesActive() > 0,
        `B5: ${owner}'s subscription takes effect`,
        () => 'onActive is not called',
      )
      return inbox
    },
  }
}

/** Waits until each inbox has received exactly this, and fails the case if anything else arrives. */
export async function waitUntilReceived(
  rule: string,
  inboxes: readonly ChannelInbox[],
  expected: readonly string[],
): Promise<void> {
  for (const inbox of inboxes) {
    const { owner, messages } = inbox
    await waitUntil(
      () => messages.length >= expected.length,
      `${rule}: ${owner} receives ${show(shorten(expected))}`,
      () => shorten(messages),
    )
    assertOnlyReceived(rule, inbox, expected)
  }
}

export function assertOnlyReceived(rule: string, { owner, messages }: ChannelInbox, expected: readonly string[]): void {
  const isSame = messages.length === expected.length && messages.every((message, at) => message === expected[at])
  assert(isSame, `${rule}: ${owner} receives ${show(shorten(expected))} and nothing else`, () => shorten(messages))
}

/** For errors: some messages are long, and some cases have many. */
const shorten = (messages: readonly string[]) => messages.slice(0, 30).map((message) => message.slice(0, 50))
