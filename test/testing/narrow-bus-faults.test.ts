import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Bus, busContract, type BusNetwork, type MakeBusNetwork } from '../../src/testing/index.ts'
import { changesMessages, network, soon } from '../support/contracts/faulty-buses.ts'

// Faults that show in one place of a case only. broken-buses.test.ts has one for each case.

beforeAll(() => {
  vi.useFakeTimers()
  vi.setTimerTickMode('nextTimerAsync')
})
afterAll(() => {
  vi.useRealTimers()
})

const ruleOf = (breaks: string) => busContract.find(({ name }) => name.startsWith(breaks))!

/** Messages that get lost. */
const loses = (isLost: (message: string) => boolean) =>
  changesMessages((message, deliver) => {
    if (!isLost(message)) deliver(message)
  })

/** A channel of a case begins with a name of its own. */
const isNamed = (channel: string, name: string) => channel.endsWith(`:${name}`)

/** A fault in the names of channels. */
const changesChannels = (change: (channel: string) => string) =>
  network((bus) => ({
    publish: (channel, message) => bus.publish(change(channel), message),
    subscribe: (channel, onMessage, onActive) => bus.subscribe(change(channel), onMessage, onActive),
  }))

describe.concurrent('B1: a bus that takes two channels for the same:', () => {
  test.each([
    ['a', 'a:'],
    ['a:', 'a:b'],
    ['a:b', 'a%3Ab'],
    ['a', 'a-b'],
    ['a-b', 'a_b'],
    ['a', '%2A'],
    ['a', '%3E'],
    ['a', 'x'.repeat(120)],
  ])('%s and %s', async (one, other) => {
    const make = changesChannels((channel) =>
      isNamed(channel, other) ? `${channel.slice(0, -other.length)}${one}` : channel,
    )
    await expect(ruleOf('B1: every sign').run(make)).rejects.toThrow(
      /Expected: B1: node 2 receives \["contract-[^"]*"\] and nothing else\. Happened: \["contract-[^"]*","contract-[^"]*"/,
    )
  })
})

describe.concurrent('B10: a bus whose publish resolves to', () => {
  test.each([NaN, -1, 1.5, Infinity, '2', null, {}])('%j', async (count) => {
    const make = network((bus) => ({
      async publish(channel, message) {
        await bus.publish(channel, message)
        return count as number
      },
    }))
    await expect(ruleOf('B10').run(make)).rejects.toThrow(
      `B10: publish resolves to a count or to undefined. Happened: ${JSON.stringify(count)}.`,
    )
  })
})

interface NarrowFault {
  readonly breaks: string
  readonly error: RegExp
  readonly make: MakeBusNetwork
}

/** A bus with a fault that begins when this many subscriptions have been active and ended. */
function afterActiveSubscription(fault: (bus: Bus) => Bus['subscribe']): MakeBusNetwork {
  return network((bus) => {
    const hadActive = new Set<string>()
    return {
      subscribe(channel, onMessage, onActive) {
        let isActive = false
        const subscribe = hadActive.has(channel) ? fault(bus) : bus.subscribe
        const end = subscribe(channel, onMessage, () => {
          isActive = true
          onActive()
        })
        return () => {
          if (isActive) hadActive.add(channel)
          end()
        }
      },
    }
  })
}

const faults: Record<string, NarrowFault> = {
  'nothing arrives': {
    breaks: 'B1: a message reaches every node',
    error: /Expected: B1: node 2 receives \["for a"\], within 5000 ms\. Happened: \[\]/,
    make: loses(() => true),
  },
  'nothing arrives on the second channel': {
    breaks: 'B1: a message reaches every node',
    error: /Expected: B1: node 2 receives \["for b"\], within 5000 ms\. Happened: \[\]/,
    make: loses((message) => message === 'for b'),
  },
  'nothing arrives on the third channel': {
    breaks: 'B1: a message reaches every node',
    error: /Expected: B1: node 3 receives \["for ab"\], within 5000 ms\. Happened: \[\]/,
    make: loses((message) => message === 'for ab'),
  },
  'what is for one channel arrives late on another one': {
    breaks: 'B1: a message reaches every node',
    error: /Expected: B1: node 2 receives \["for a"\] and nothing else\. Happened: \["for a","for b"\]/,
    make: network((bus) => ({
      async publish(channel, message) {
        const count = await bus.publish(channel, message)
        if (message === 'for b') await bus.publish(channel.replace(/b$/, 'a'), message)
        return count
      },
    })),
  },
  'one message of many is lost': {
    breaks: 'B3: the messages of one node',
    error: /B5: all messages arrive, within 5000 ms\. Happened: 999\./,
    make: loses((message) => message === 'one 499'),
  },
  'the last message is lost': {
    breaks: 'B4: no message arrives twice',
    error: /B5: the last message arrives, within 5000 ms\. Happened: \["0",.*"98"\]/,
    make: loses((message) => message === '99'),
  },
  'the messages of one node are lost': {
    breaks: 'B5: what is published after onActive',
    error: /B5: on every channel both messages arrive, within 5000 ms\. Happened: 100\./,
    make: loses((message) => message === 'from two'),
  },
  'the first subscription after others never takes effect': {
    breaks: 'B8: the last of several calls',
    error: /B8: the last subscription takes effect, within 5000 ms\. Happened: "onActive is not called"/,
    make: network((bus) => {
      const counts = new Map<string, number>()
      return {
        subscribe(channel, onMessage, onActive) {
          const count = (counts.get(channel) ?? 0) + 1
          counts.set(channel, count)
          return bus.subscribe(channel, onMessage, count === 4 ? () => {} : onActive)
        },
      }
    }),
  },
  'a subscription after an active one never takes effect': {
    breaks: 'B8: the last of several calls',
    error: /B8: subscribing again takes effect, within 5000 ms\. Happened: "onActive is not called"/,
    make: afterActiveSubscription((bus) => (channel, onMessage) => bus.subscribe(channel, onMessage, () => {})),
  },
  'a subscription after an active one gets nothing': {
    breaks: 'B8: the last of several calls',
    error: /B8: node 2 receives \["once more"\], within 5000 ms\. Happened: \[\]/,
    make: afterActiveSubscription((bus) => (channel, _, onActive) => bus.subscribe(channel, () => {}, onActive)),
  },
  'the last of several subscriptions gets nothing': {
    breaks: 'B8: the last of several calls',
    error: /B8: node 2 receives \["for the last"\], within 5000 ms\. Happened: \[\]/,
    make: loses((message) => message === 'for the last'),
  },
  'a subscription that ends at once goes on': {
    breaks: 'B8: the last of several calls',
    error: /B6: node 2 receives \[\] and nothing else\. Happened: \["for the last"/,
    make: network((bus) => ({
      subscribe(channel, onMessage, onActive) {
        let isActive = false
        const end = bus.subscribe(channel, onMessage, () => {
          isActive = true
          onActive()
        })
        return () => {
          if (isActive) end()
        }
      },
    })),
  },
  'the first of several subscriptions gets nothing': {
    breaks: 'B7: two subscriptions of one node',
    error: /B7: node 2 receives \["for both"\], within 5000 ms\. Happened: \[\]/,
    make: loses((message) => message === 'for both'),
  },
  'what is unsubscribed is called later': {
    breaks: 'B6: nothing arrives after unsubscribing',
    error: /B6: node 2 (receives \[\] and nothing else|is not called within subscribe or after unsubscribing)/,
    make: network((bus) => ({
      subscribe(channel, onMessage, onActive) {
        const end = bus.subscribe(channel, onMessage, onActive)
        return () => soon(end)
      },
    })),
  },
  'onActive is called after unsubscribing': {
    breaks: 'B8: the last of several calls',
    error:
      /B6: node 2 is not called within subscribe or after unsubscribing\. Happened: \["onActive was called after unsubscribing"/,
    make: network((bus) => ({
      subscribe(channel, onMessage, onActive) {
        const end = bus.subscribe(channel, onMessage, onActive)
        return () => {
          end()
          soon(onActive)
        }
      },
    })),
  },
  'the last message arrives within subscribe': {
    breaks: 'B7: two subscriptions of one node',
    error:
      /B6: node 2 is not called within subscribe or after unsubscribing\. Happened: \["onActive was called within subscribe"/,
    make: network((bus) => {
      let subscriptions = 0
      return {
        subscribe(channel, onMessage, onActive) {
          subscriptions++
          if (subscriptions === 2) onActive()
          return bus.subscribe(channel, onMessage, onActive)
        },
      }
    }),
  },
  'a message that others receive is lost on the witness': {
    breaks: 'B6: nothing arrives after unsubscribing',
    error: /B1: node 3 receives \["for the witness"\], within 5000 ms\. Happened: \[\]/,
    make: loses((message) => message === 'for the witness'),
  },
  'a message on another channel is lost when one ends': {
    breaks: 'B6: nothing arrives after unsubscribing',
    error: /B1: node 2 receives \["for b"\], within 5000 ms\. Happened: \[\]/,
    make: loses((message) => message === 'for b'),
  },
  'a long message is rejected': {
    breaks: 'B9: publish never throws',
    error: /B9: publish never throws and never rejects, as it did with "xxx.*Happened: "Error: too long"/,
    make: rejects((message) => message.length === 65_536 && message.startsWith('x'), 'too long'),
  },
  'an empty message is rejected': {
    breaks: 'B9: publish never throws',
    error: /B9: publish never throws and never rejects, as it did with ""\. Happened: "Error: empty"/,
    make: rejects((message) => message === '', 'empty'),
  },
  'the counted message is lost': {
    breaks: 'B10: a number that publish',
    error: /B1: node 2 receives \["count"\], within 5000 ms\. Happened: \[\]/,
    make: loses((message) => message === 'count'),
  },
  'nobody is counted as one': {
    breaks: 'B10: a number that publish',
    error: /B10: publish counts 0, or does not count\. Happened: 1\./,
    make: network((bus) => ({
      async publish(channel, message) {
        const count = await bus.publish(channel, message)
        return count === 0 ? 1 : count
      },
    })),
  },
  'what is published before the interruption is lost': {
    breaks: 'B11: nothing that is published',
    error: /B1: node 2 receives \["before"\], within 5000 ms\. Happened: \[\]/,
    make: loses((message) => message === 'before'),
  },
  'a subscription that ends during an interruption goes on': {
    breaks: 'B12: subscriptions are valid again',
    error: /B6: node 2 receives \[\] and nothing else\. Happened: \["after"\]/,
    make: network((bus, { isUp }) => ({
      subscribe(channel, onMessage, onActive) {
        const end = bus.subscribe(channel, onMessage, onActive)
        return () => {
          if (isUp()) end()
        }
      },
    })),
  },
  'a subscription that begins during an interruption gets nothing': {
    breaks: 'B12: subscriptions are valid again',
    error: /B12: node 2 receives \["after"\], within 5000 ms\. Happened: \[\]/,
    make: network((bus, { isUp }) => ({
      subscribe: (channel, onMessage, onActive) => bus.subscribe(channel, isUp() ? onMessage : () => {}, onActive),
    })),
  },
  'a subscription that begins during an interruption never takes effect': {
    breaks: 'B12: subscriptions are valid again',
    error:
      /B12: node 2's onActive is called again after the interruption, within 5000 ms\. Happened: "it is not called"/,
    make: network((bus, { isUp }) => ({
      subscribe: (channel, onMessage, onActive) => bus.subscribe(channel, onMessage, isUp() ? onActive : () => {}),
    })),
  },
}

/** A bus that rejects some messages. */
function rejects(isRejected: (message: string) => boolean, why: string): MakeBusNetwork {
  return network((bus) => ({
    publish: (channel, message) =>
      isRejected(message) ? Promise.reject(new Error(why)) : bus.publish(channel, message),
  }))
}

describe.concurrent('a bus with a fault in one place fails there:', () => {
  for (const [name, { breaks, error, make }] of Object.entries(faults)) {
    test(name, async () => expect(ruleOf(breaks).run(make)).rejects.toThrow(error))
  }
})

const withoutCount = network((bus) => ({
  publish(channel, message) {
    void bus.publish(channel, message)
    return undefined
  },
}))

test.concurrent('B10: a bus that does not count keeps the rule', async () => {
  await expect(ruleOf('B10').run(withoutCount)).resolves.toBeUndefined()
})

describe('a case takes its network down', () => {
  /** What is left of a case. */
  async function runOn(make: MakeBusNetwork) {
    const left = { subscriptions: 0, closed: 0 }
    const counting = async (): Promise<BusNetwork> => {
      const made = await make()
      return {
        ...made,
        async join() {
          const bus = await made.join()
          return {
            ...bus,
            subscribe(channel, onMessage, onActive) {
              let end: (() => void) | undefined = bus.subscribe(channel, onMessage, onActive)
              left.subscriptions++
              return () => {
                if (end) left.subscriptions--
                end?.()
                end = undefined
              }
            },
          }
        },
        close: () => void left.closed++,
      }
    }
    const outcome = await ruleOf('B1: a message reaches every node')
      .run(counting)
      .then(
        () => 'passes',
        () => 'fails',
      )
    return { outcome, ...left }
  }

  test('when it passes, and when it fails', async () => {
    expect(await runOn(network())).toEqual({ outcome: 'passes', subscriptions: 0, closed: 1 })
    expect(await runOn(rejects(() => true, 'down'))).toEqual({ outcome: 'fails', subscriptions: 0, closed: 1 })
  })

  test('and uses channels that no other run uses', async () => {
    const channels: string[] = []
    const make = changesChannels((channel) => {
      channels.push(channel)
      return channel
    })
    await ruleOf('B2').run(make)
    const first = new Set(channels.splice(0))
    await ruleOf('B2').run(make)
    expect(first.size).toBe(1)
    expect(channels.filter((channel) => first.has(channel))).toEqual([])
  })
})
