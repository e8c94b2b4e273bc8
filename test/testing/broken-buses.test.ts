import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { busContract, type MakeBusNetwork } from '../../src/testing/index.ts'
import { changesMessages, network, soon } from '../support/contracts/faulty-buses.ts'

// Many cases fail because something has not happened in 5 s: fake time passes as soon as nobody has anything else to do.
beforeAll(() => {
  vi.useFakeTimers()
  vi.setTimerTickMode('nextTimerAsync')
})
afterAll(() => {
  vi.useRealTimers()
})

interface Fault {
  readonly make: MakeBusNetwork
  /** How the name of the case begins that has to fail. */
  readonly breaks: string
  /** What its error says. */
  readonly error: RegExp
}

const faults: Record<string, Fault> = {
  'carries everything on one channel': {
    breaks: 'B1: a message reaches every node',
    error: /B1: node \d receives .* and nothing else\. Happened: \[".*"\]/,
    make: network((bus) => ({
      publish: (_, message) => bus.publish('all', message),
      subscribe: (_, onMessage, onActive) => bus.subscribe('all', onMessage, onActive),
    })),
  },
  'takes upper and lower case for the same': {
    breaks: 'B1: every sign',
    error: /B1: node 2 receives .* and nothing else\. Happened: \[".*"\]/,
    make: network((bus) => ({
      publish: (channel, message) => bus.publish(channel.toLowerCase(), message),
      subscribe: (channel, onMessage, onActive) => bus.subscribe(channel.toLowerCase(), onMessage, onActive),
    })),
  },
  'trims messages': {
    breaks: 'B2: a message arrives as it was published',
    error: /B2: [^]* receives [^]* and nothing else/,
    make: changesMessages((message, deliver) => deliver(message.trim())),
  },
  'delivers in another order': {
    breaks: 'B3: the messages of one node',
    error: /B3: the messages of node one arrive in order\. Happened: \["one 0"/,
    make: changesMessages((message, deliver) => {
      if (message.endsWith('7')) soon(() => deliver(message))
      else deliver(message)
    }),
  },
  'delivers twice': {
    breaks: 'B4: no message arrives twice',
    error: /B4: each message arrives once\. Happened: \["0","0"/,
    make: changesMessages((message, deliver) => {
      deliver(message)
      deliver(message)
    }),
  },
  'is active before it is subscribed': {
    breaks: 'B5: what is published after onActive arrives',
    error: /B5: on every channel both messages arrive, within 5000 ms\. Happened: 100\./,
    make: network((bus) => ({
      subscribe(channel, onMessage, onActive) {
        let end = () => {}
        queueMicrotask(onActive)
        soon(() => (end = bus.subscribe(channel, onMessage, () => {})))
        return () => end()
      },
    })),
  },
  'is never active': {
    breaks: 'B6: nothing arrives after unsubscribing',
    error: /B5: node \d's subscription takes effect, within 5000 ms\. Happened: "onActive is not called"/,
    make: network((bus) => ({
      subscribe: (channel, onMessage) => bus.subscribe(channel, onMessage, () => {}),
    })),
  },
  'calls within subscribe': {
    breaks: 'B1: a message reaches every node',
    error:
      /B6: node \d is not called within subscribe or after unsubscribing\. Happened: \["onActive was called within subscribe"/,
    make: network((bus) => ({
      subscribe(channel, onMessage, onActive) {
        onActive()
        return bus.subscribe(channel, onMessage, onActive)
      },
    })),
  },
  'keeps the last message for the next subscriber': {
    breaks: 'B6: nothing arrives after unsubscribing',
    error: /B6: nothing is kept for a later subscription/,
    make: network((bus) => {
      const last = lastMessages
      return {
        publish(channel, message) {
          last.set(channel, message)
          return bus.publish(channel, message)
        },
        subscribe: (channel, onMessage, onActive) =>
          bus.subscribe(channel, onMessage, () => {
            const message = last.get(channel)
            if (message !== undefined) onMessage(message)
            onActive()
          }),
      }
    }),
  },
  'delivers after unsubscribing': {
    breaks: 'B7: two subscriptions of one node',
    error: /B6: node 2 receives .* and nothing else\. Happened: \["for both","for the second"\]/,
    make: network((bus) => ({
      subscribe(channel, onMessage, onActive) {
        bus.subscribe(channel, onMessage, onActive)
        return () => {}
      },
    })),
  },
  'ends all subscriptions of a channel with the first': {
    breaks: 'B7: two subscriptions of one node',
    error: /B7: node 2 receives \["for both","for the second"\], within 5000 ms\. Happened: \["for both"\]/,
    make: network((bus) => {
      const ends = new Map<string, (() => void)[]>()
      return {
        subscribe(channel, onMessage, onActive) {
          const all = ends.get(channel) ?? []
          ends.set(channel, all)
          all.push(bus.subscribe(channel, onMessage, onActive))
          return () => {
            for (const end of all) end()
          }
        },
      }
    }),
  },
  'unsubscribes later than it subscribes': {
    breaks: 'B8: the last of several calls counts',
    error: /B8: .* receives/,
    make: network((bus) => {
      const subscribed = new Map<string, Set<() => void>>()
      return {
        subscribe(channel, onMessage, onActive) {
          const all = subscribed.get(channel) ?? new Set()
          subscribed.set(channel, all)
          const end = bus.subscribe(channel, onMessage, onActive)
          all.add(end)
          return () => {
            end()
            setTimeout(() => {
              for (const each of all) each()
            })
          }
        },
      }
    }),
  },
  'forgets channels when there are many': {
    breaks: 'B8: 1,000 channels',
    error: /B5: a message arrives on every channel, within 5000 ms\. Happened: "\d+ channels have none"/,
    make: network((bus) => {
      let count = 0
      return {
        subscribe(channel, onMessage, onActive) {
          count++
          return bus.subscribe(channel, count > 900 ? () => {} : onMessage, onActive)
        },
      }
    }),
  },
  'rejects a message of which nobody hears': {
    breaks: 'B9: publish never throws',
    error: /B9: publish never throws and never rejects, as it did with "x"\. Happened: "Error: nobody is subscribed"/,
    make: network((bus) => ({
      async publish(channel, message) {
        const count = await bus.publish(channel, message)
        if (count === 0) throw new Error('nobody is subscribed')
        return count
      },
    })),
  },
  'counts one too many': {
    breaks: 'B10: a number that publish resolves to',
    error: /B10: publish counts 2, or does not count\. Happened: 3\./,
    make: network((bus) => ({
      async publish(channel, message) {
        const count = await bus.publish(channel, message)
        return count === undefined ? undefined : count + 1
      },
    })),
  },
  'queues during an interruption': {
    breaks: 'B11: nothing that is published',
    error: /B11: node 2 receives .* and nothing else\. Happened: .*"during 1"/,
    make: network((bus, { isUp }) => {
      const queue: { channel: string; message: string }[] = []
      return {
        publish(channel, message) {
          if (isUp()) {
            for (const item of queue.splice(0)) void bus.publish(item.channel, item.message)
            return bus.publish(channel, message)
          }
          queue.push({ channel, message })
          return undefined
        },
      }
    }),
  },
  'rejects during an interruption': {
    breaks: 'B11: nothing that is published',
    error: /B9: publish never throws and never rejects, as it did with "during 1"/,
    make: network((bus, { isUp }) => ({
      publish(channel, message) {
        if (!isUp()) return Promise.reject(new Error('the connection is closed'))
        return bus.publish(channel, message)
      },
    })),
  },
  'does not say that it is active again': {
    breaks: 'B12: subscriptions are valid again',
    error:
      /B12: node \d's onActive is called again after the interruption, within 5000 ms\. Happened: "it is not called"/,
    make: network((bus) => ({
      subscribe(channel, onMessage, onActive) {
        let isActive = false
        return bus.subscribe(channel, onMessage, () => {
          if (!isActive) onActive()
          isActive = true
        })
      },
    })),
  },
  'does not subscribe again': {
    breaks: 'B12: subscriptions are valid again',
    error: /B12: node 2 receives \["before","after"\], within 5000 ms/,
    make: network((bus, { isUp }) => ({
      subscribe(channel, onMessage, onActive) {
        let isLost = false
        return bus.subscribe(
          channel,
          (message) => {
            if (!isLost) onMessage(message)
          },
          () => {
            isLost = wasActive.has(onMessage) || !isUp()
            wasActive.add(onMessage)
            onActive()
          },
        )
      },
    })),
  },
}

/** What a bus with a history has seen, on all nodes. */
const lastMessages = new Map<string, string>()
const wasActive = new WeakSet<(message: string) => void>()

describe.concurrent('a sound bus keeps every rule:', () => {
  for (const { name, run } of busContract) test(name, () => expect(run(network())).resolves.toBeUndefined())
})

describe.concurrent('a broken bus fails the case it breaks, which says how:', () => {
  for (const [name, { make, breaks, error }] of Object.entries(faults)) {
    test(
      name,
      async () => {
        const rule = busContract.find((candidate) => candidate.name.startsWith(breaks))!
        await expect(rule.run(make)).rejects.toThrow(error)
      },
      20_000,
    )
  }
})

/** Which other cases a fault breaks, since they compare everything that has arrived. */
const alsoBroken: Record<string, RegExp> = {
  'counts one too many': /^$/,
  'queues during an interruption': /^B12/,
  'delivers twice': /^B(1|2|3|6|7|8|10|11|12):/,
}

describe.concurrent('no other case is broken by it:', () => {
  for (const [name, others] of Object.entries(alsoBroken)) {
    const { make, breaks } = faults[name]!
    const rules = busContract.filter((rule) => !rule.name.startsWith(breaks) && !others.test(rule.name))
    for (const rule of rules) test(`${name}: ${rule.name}`, () => expect(rule.run(make)).resolves.toBeUndefined())
  }
})

test('every case is broken by some fault', () => {
  const broken = busContract.filter(({ name }) => Object.values(faults).some(({ breaks }) => name.startsWith(breaks)))
  expect(busContract.filter((rule) => !broken.includes(rule)).map(({ name }) => name)).toEqual([])
})
