/** What is delivered while the engine can be reached: B1 to B8 and B10. */
import { assert, sleep, waitUntil } from '../assertions.ts'
import type { BusContractCase } from './bus-network.ts'
import { busRule } from './bus-rule.ts'
import { assertOnlyReceived, type ChannelInbox, waitUntilReceived } from './test-node.ts'

const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index))

/** Messages that something on the way might take for something else. */
const STRANGE_MESSAGES: readonly string[] = [
  '',
  ' ',
  'ünï ✓ 漢字 👩‍👩‍👧 \u{1f600}',
  '"quotes" \'single\' `back` \\ backslash \\" \\n',
  'line\nline\r\nline\u2028line\u0000zero\u0007',
  '\ufeffbyte order mark',
  '{"json":[1,null]}',
  '*1\r\n$4\r\nPING\r\n',
  'PUB a 1\r\nx\r\n',
  'x'.repeat(65_536),
  '✓'.repeat(21_000),
]

export const busDeliveryRules: readonly BusContractCase[] = [
  busRule(
    'B1: a message reaches every node that is subscribed to its channel, and no other',
    async ({ join, channel }) => {
      const [publisher, one, two] = await Promise.all([join(), join(), join()])
      const subscribed = [await one.subscribeActively(channel('a')), await two.subscribeActively(channel('a'))]
      const others = [await one.subscribeActively(channel('b')), await two.subscribeActively(channel('ab'))]
      await publisher.publish(channel('a'), 'for a')
      await waitUntilReceived('B1', subscribed, ['for a'])
      await publisher.publish(channel('b'), 'for b')
      await publisher.publish(channel('ab'), 'for ab')
      await waitUntilReceived('B1', others.slice(0, 1), ['for b'])
      await waitUntilReceived('B1', others.slice(1), ['for ab'])
      for (const inbox of subscribed) assertOnlyReceived('B1', inbox, ['for a'])
    },
  ),

  busRule('B1: every sign that a channel may have is part of its name', async ({ join, channel }) => {
    const [publisher, receiver] = await Promise.all([join(), join()])
    const names = ['a', 'A', 'a:', 'a:b', 'a%3Ab', 'a-b', 'a_b', '%2A', '%3E', 'x'.repeat(120)].map(channel)
    const inboxes = await Promise.all(names.map((name) => receiver.subscribeActively(name)))
    for (const name of names) await publisher.publish(name, name)
    for (const [at, name] of names.entries()) await waitUntilReceived('B1', inboxes.slice(at, at + 1), [name])
  }),

  busRule('B2: a message arrives as it was published, whatever is in it', async ({ join, channel }) => {
    const [publisher, receiver] = await Promise.all([join(), join()])
    const inbox = await receiver.subscribeActively(channel('a'))
    for (const message of STRANGE_MESSAGES) await publisher.publish(channel('a'), message)
    await waitUntilReceived('B2', [inbox], STRANGE_MESSAGES)
  }),

  busRule('B3: the messages of one node on one channel stay in order', async ({ join, channel }) => {
    const [publisher, other, receiver] = await Promise.all([join(), join(), join()])
    const inbox = await receiver.subscribeActively(channel('a'))
    const sent = numbers(500)
    for (const number of sent) {
      void publisher.publish(channel('a'), `one ${number}`)
      void other.publish(channel('a'), `two ${number}`)
      if (Number(number) % 100 === 0) await sleep(1)
    }
    await waitUntil(
      () => inbox.messages.length >= 2 * sent.length,
      'B5: all messages arrive',
      () => inbox.messages.length,
    )
    for (const name of ['one', 'two']) {
      const received = inbox.messages.filter((message) => message.startsWith(name))
      const isInOrder = sent.every((number, at) => received[at] === `${name} ${number}`)
      assert(isInOrder, `B3: the messages of node ${name} arrive in order`, () => received.slice(0, 30))
    }
  }),

  busRule('B4: no message arrives twice', async ({ join, channel }) => {
    const [publisher, receiver] = await Promise.all([join(), join()])
    const inbox = await receiver.subscribeActively(channel('a'))
    const sent = numbers(100)
    for (const number of sent) await publisher.publish(channel('a'), number)
    await waitUntil(
      () => inbox.messages.includes('99'),
      'B5: the last message arrives',
      () => inbox.messages,
    )
    await sleep(50)
    assert(
      new Set(inbox.messages).size === inbox.messages.length,
      'B4: each message arrives once',
      () => inbox.messages,
    )
  }),

  busRule('B5: what is published after onActive arrives, from every node', async ({ join, channel }) => {
    const [one, two, receiver] = await Promise.all([join(), join(), join()])
    const inboxes = numbers(100).map((number) => {
      const name = channel(number)
      const inbox = receiver.subscribe(name, {
        onActive() {
          void one.publish(name, 'from one')
          void two.publish(name, 'from two')
        },
      })
      return inbox
    })
    await waitUntil(
      () => inboxes.every(({ messages }) => messages.includes('from one') && messages.includes('from two')),
      'B5: on every channel both messages arrive',
      () => inboxes.filter(({ messages }) => messages.length < 2).length,
    )
  }),

  busRule('B6: nothing arrives after unsubscribing', async ({ join, channel }) => {
    const [publisher, receiver, witness] = await Promise.all([join(), join(), join()])
    const ended = await receiver.subscribeActively(channel('a'))
    const kept = await receiver.subscribeActively(channel('b'))
    const witnessed = await witness.subscribeActively(channel('a'))
    ended.unsubscribe()
    await publisher.publish(channel('a'), 'for the witness')
    await publisher.publish(channel('b'), 'for b')
    await waitUntilReceived('B1', [witnessed], ['for the witness'])
    await waitUntilReceived('B1', [kept], ['for b'])
    const again = await receiver.subscribeActively(channel('a'))
    await publisher.publish(channel('a'), 'for the next one')
    await waitUntilReceived('B6: nothing is kept for a later subscription', [again], ['for the next one'])
    assertOnlyReceived('B6', ended, [])
  }),

  busRule('B7: two subscriptions of one node to one channel do not disturb each other', async ({ join, channel }) => {
    const [publisher, receiver] = await Promise.all([join(), join()])
    const first = await receiver.subscribeActively(channel('a'))
    const second = await receiver.subscribeActively(channel('a'))
    await publisher.publish(channel('a'), 'for both')
    await waitUntilReceived('B7', [first, second], ['for both'])
    first.unsubscribe()
    first.unsubscribe()
    await publisher.publish(channel('a'), 'for the second')
    await waitUntilReceived('B7', [second], ['for both', 'for the second'])
    assertOnlyReceived('B6', first, ['for both'])
  }),

  busRule('B8: the last of several calls counts, also within one tick', async ({ join, channel }) => {
    const [publisher, receiver] = await Promise.all([join(), join()])
    const discarded: ChannelInbox[] = []
    const last = numbers(20).map((number) => {
      const name = channel(number)
      for (let time = 1; time <= 3; time++) {
        const inbox = receiver.subscribe(name)
        inbox.unsubscribe()
        discarded.push(inbox)
      }
      return { name, inbox: receiver.subscribe(name) }
    })
    for (const { name, inbox } of last) {
      await waitUntil(
        () => inbox.timesActive() > 0,
        'B8: the last subscription takes effect',
        () => 'onActive is not called',
      )
      await publisher.publish(name, 'for the last')
      await waitUntilReceived('B8', [inbox], ['for the last'])
    }
    // Once more while it is active.
    for (const { name, inbox } of last) {
      inbox.unsubscribe()
      const again = receiver.subscribe(name)
      await waitUntil(
        () => again.timesActive() > 0,
        'B8: subscribing again takes effect',
        () => 'onActive is not called',
      )
      await publisher.publish(name, 'once more')
      await waitUntilReceived('B8', [again], ['once more'])
    }
    for (const inbox of discarded) assertOnlyReceived('B6', inbox, [])
  }),

  busRule(
    'B8: 1,000 channels are opened and closed quickly, and none misses its message',
    async ({ join, channel }) => {
      const [publisher, receiver] = await Promise.all([join(), join()])
      const inboxes = numbers(1000).map((number) => {
        const name = channel(number)
        const inbox: ChannelInbox = receiver.subscribe(name, {
          onActive: () => void publisher.publish(name, number),
          onMessage: () => inbox.unsubscribe(),
        })
        return inbox
      })
      await waitUntil(
        () => inboxes.every(({ messages }) => messages.length > 0),
        'B5: a message arrives on every channel',
        () => `${inboxes.filter(({ messages }) => messages.length === 0).length} channels have none`,
      )
      for (const [at, inbox] of inboxes.entries()) assertOnlyReceived('B8', inbox, [String(at)])
    },
  ),

  busRule('B10: a number that publish resolves to counts the nodes that are subscribed', async ({ join, channel }) => {
    const [publisher, one, two] = await Promise.all([join(), join(), join()])
    const inboxes = [await one.subscribeActively(channel('a')), await two.subscribeActively(channel('a'))]
    await one.subscribeActively(channel('a'))
    const expectCount = async (name: string, expected: number) => {
      const count = await publisher.publish(channel(name), 'count')
      assert(
        count === undefined || count === expected,
        `B10: publish counts ${expected}, or does not count`,
        () => count,
      )
    }
    await expectCount('a', 2)
    await expectCount('nobody', 0)
    await waitUntilReceived('B1', inboxes, ['count'])
  }),
]
