import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { OnlineMessage, OutgoingMessage, TransportListener } from '../../src/core/index.ts'
import { type MakeNetwork, transportContract } from '../../src/testing/index.ts'
import { createMemoryNetwork } from '../../src/transports/memory/index.ts'
import { changesMessages, faultyNetwork, isNote } from '../support/contracts/faulty-transports.ts'

// Many cases fail because something has not happened in 5 s: fake time passes as soon as nobody has anything else to do.
beforeAll(() => {
  vi.useFakeTimers()
  vi.setTimerTickMode('nextTimerAsync')
})
afterAll(() => {
  vi.useRealTimers()
})

interface Fault {
  readonly make: MakeNetwork
  /** How the name of the case begins that has to fail. */
  readonly breaks: string
  /** What its error says. */
  readonly error: RegExp
}

const faults: Record<string, Fault> = {
  'queues while it is off the network': {
    breaks: 'T1: nothing is queued',
    error: /T1: nothing is queued across a disconnect.*received/,
    make: faultyNetwork((sound) => {
      const queue: OutgoingMessage[] = []
      sound.connection.subscribe((state) => {
        if (state === 'online') for (const message of queue.splice(0)) void sound.send(message)
      })
      return {
        async send(message) {
          const result = await sound.send(message)
          if (!result.ok && result.code === 'offline') queue.push(message)
          return result
        },
      }
    }),
  },
  'accepts messages while it is off the network': {
    breaks: 'T1: nothing is queued',
    error: /T1: ann, who is off the network, gets offline at once\. Happened: \{"ok":true\}/,
    make: faultyNetwork((sound) => ({
      async send(message) {
        const result = await sound.send(message)
        return !result.ok && result.code === 'offline' ? { ok: true } : result
      },
    })),
  },
  'is online while it is off the network': {
    breaks: 'T1: connection shows',
    error: /ann's connection is not online after disconnect\(\), within 5000 ms\. Happened: "online"/,
    make: faultyNetwork((sound) => ({
      connection: { ...sound.connection, getState: () => 'online' as const, subscribe: () => () => {} },
    })),
  },
  'delivers twice': {
    breaks: 'T1: nobody receives a message twice',
    error: /receives each message once/,
    make: faultyNetwork(
      changesMessages((message, deliver) => {
        deliver(message)
        if (isNote(message)) deliver(message)
      }),
    ),
  },
  'replays to receivers that were away': {
    breaks: 'G1: what is sent while a receiver is away',
    error: /G1: never late/,
    make: () => {
      const network = createMemoryNetwork()
      const history: OutgoingMessage[] = []
      return {
        join(user) {
          const sound = network.join(user)
          const replayer = network.join({ id: `${user.id}'s history` })
          const listeners = new Map<string, TransportListener>()
          return {
            disconnect: sound.disconnect,
            reconnect() {
              sound.reconnect()
              for (const { conversation, command, data } of history) {
                listeners.get(JSON.stringify(conversation))?.message({ conversation, command, data, from: user })
              }
            },
            transport: {
              connection: sound.connection,
              send(message) {
                if (isNote(message)) history.push(message)
                return sound.send(message)
              },
              subscribe(conversation, on) {
                replayer.disconnect()
                listeners.set(JSON.stringify(conversation), on)
                return sound.subscribe(conversation, on)
              },
            },
          }
        },
      }
    },
  },
  'delivers the last message to a new device': {
    breaks: 'G2: a device that comes later',
    error: /G2: never on another device later: bob's device 2 receives/,
    make: () => {
      const network = createMemoryNetwork()
      const last = new Map<string, OnlineMessage>()
      const devices = new Set<string>()
      return {
        join(user) {
          const sound = network.join(user)
          const isSecond = devices.has(user.id)
          devices.add(user.id)
          return {
            disconnect: sound.disconnect,
            reconnect: sound.reconnect,
            transport: {
              ...sound,
              subscribe(conversation, on) {
                const key = JSON.stringify([user.id, conversation])
                const old = last.get(key)
                if (isSecond && old) queueMicrotask(() => on.message(old))
                return sound.subscribe(conversation, {
                  ...on,
                  message(message) {
                    if (isNote(message)) last.set(key, message)
                    on.message(message)
                  },
                })
              },
            },
          }
        },
      }
    },
  },
  'throws for data that it cannot encode': {
    breaks: 'T2: send answers',
    error: /T2: send never throws or rejects, as it did with .*Happened: "\w*Error/,
    make: faultyNetwork((sound) => ({
      send(message) {
        structuredClone(message.data)
        return sound.send(message)
      },
    })),
  },
  'rejects for data that it cannot encode': {
    breaks: 'T2: send answers',
    error: /T2: send never throws or rejects, as it did with .*Happened: "\w*Error/,
    make: faultyNetwork((sound) => ({
      async send(message) {
        JSON.stringify(message.data)
        return sound.send(message)
      },
    })),
  },
  'never answers an invalid message': {
    breaks: 'T2: send answers',
    error: /send answers within 5000 ms, unlike here with .*Happened: "no answer"/,
    make: faultyNetwork((sound) => ({
      async send(message) {
        const result = await sound.send(message)
        return !result.ok && result.code === 'invalid' ? new Promise(() => {}) : result
      },
    })),
  },
  'lets the sender write from': {
    breaks: 'T3: from is written by the trusted side',
    error: /T3: the message is from ann\. Happened: \{"id":"cy","name":"Cy"\}/,
    make: faultyNetwork(
      changesMessages((message, deliver) => {
        const { from } = Object(message.data) as { from?: OnlineMessage['from'] }
        deliver(from ? { ...message, from } : message)
      }),
    ),
  },
  'delivers to the sender': {
    breaks: 'T4: nobody receives their own messages',
    error: /T4: nobody receives their own messages/,
    make: faultyNetwork((sound, id) => {
      const listeners = new Map<string, TransportListener>()
      return {
        send(message) {
          const { conversation, command, data } = message
          if (isNote(message)) {
            listeners.get(JSON.stringify(conversation))?.message({ conversation, command, data, from: { id } })
          }
          return sound.send(message)
        },
        subscribe(conversation, on) {
          listeners.set(JSON.stringify(conversation), on)
          return sound.subscribe(conversation, on)
        },
      }
    }),
  },
  'delivers after the last subscriber has gone': {
    breaks: 'T5: a group is received from the first subscriber to the last',
    error: /T5: an inbox that has unsubscribed receives nothing/,
    make: faultyNetwork((sound) => ({
      subscribe(conversation, on) {
        sound.subscribe(conversation, on)
        return () => {}
      },
    })),
  },
  'does not subscribe again': {
    breaks: 'T5: subscriptions are valid again',
    error: /what ann sends to .* reaches bob/,
    make: faultyNetwork((sound) => ({
      subscribe(conversation, on) {
        const end = sound.subscribe(conversation, on)
        const unwatch = sound.connection.subscribe(end)
        return () => {
          unwatch()
          end()
        }
      },
    })),
  },
  'subscribes only to what it was subscribed to before': {
    breaks: 'T5: subscriptions that ended or began while away',
    error: /what ann sends to .* reaches bob/,
    make: faultyNetwork((sound) => ({
      subscribe(conversation, on) {
        if (sound.connection.getState() === 'online') return sound.subscribe(conversation, on)
        return () => {}
      },
    })),
  },
  'loses the second message in a tick': {
    breaks: 'T6: several messages in one tick',
    error: /T6: all of them, in this order: bob receives/,
    make: faultyNetwork((sound) => {
      let isBusy = false
      return {
        async send(message) {
          if (isBusy && isNote(message)) return { ok: true }
          isBusy = true
          setTimeout(() => (isBusy = false))
          return sound.send(message)
        },
      }
    }),
  },
  'delivers in another order': {
    breaks: 'T6: several messages in one tick',
    error: /T6: all of them, in this order: bob receives/,
    make: faultyNetwork(
      changesMessages((message, deliver) => {
        if (isNote(message) && Number(message.data) % 2) setTimeout(() => deliver(message), 10)
        else deliver(message)
      }),
    ),
  },
  'loses messages': {
    breaks: 'T6: a message reaches every device',
    error:
      /T6: nothing is lost while connected: bob receives \[\{"text":"ünï ✓ .*","list":\[1,null,\{"deep":true\}\],"none":null\}\]/,
    make: faultyNetwork((sound) => ({
      send: async (message) => (isNote(message) ? { ok: true } : sound.send(message)),
    })),
  },
  'mixes threads': {
    breaks: 'T6: a group, its threads',
    error: /is received there and nowhere else/,
    make: faultyNetwork((sound) => ({
      send: (message) =>
        sound.send(
          'thread' in Object(message.conversation) && isNote(message)
            ? { ...message, conversation: { ...message.conversation, thread: undefined } }
            : message,
        ),
    })),
  },
  'shows typists to themselves': {
    breaks: 'T4: typing is shown to the others',
    error: /T4: nobody sees themselves type\. Happened: \[\[.*"ann"/,
    make: faultyNetwork((sound, id) => {
      const listeners = new Set<TransportListener>()
      return {
        send(message) {
          const { conversation, command, data } = message
          if (command === 'textInput') {
            for (const on of listeners) on.message({ conversation, command, data, from: { id } })
          }
          return sound.send(message)
        },
        subscribe(conversation, on) {
          listeners.add(on)
          return sound.subscribe(conversation, on)
        },
      }
    }),
  },
  'lets typing end after the message': {
    breaks: 'T6: typing ends before the message',
    error: /T6: typing, nobody, message, in this order\. Happened: \["typing","message"/,
    make: faultyNetwork((sound) => ({
      async send(message) {
        if (message.command === 'textInput') await new Promise((resolve) => setTimeout(resolve, 20))
        return sound.send(message)
      },
    })),
  },
  'shows a typist who has stopped meanwhile': {
    breaks: 'G1: a typist who stopped',
    error: /G1: nobody is shown\. Happened: \["ann","","ann"/,
    make: faultyNetwork((sound) => ({
      subscribe(conversation, on) {
        let last: OnlineMessage | undefined
        const unwatch = sound.connection.subscribe((state) => {
          if (state === 'online' && last) on.message(last)
        })
        const end = sound.subscribe(conversation, {
          ...on,
          message(message) {
            if (message.command === 'textInput') last = message
            on.message(message)
          },
        })
        return () => {
          unwatch()
          end()
        }
      },
    })),
  },
}

describe.concurrent('a broken transport fails the case it breaks, which says how:', () => {
  for (const [name, { make, breaks, error }] of Object.entries(faults)) {
    test(
      name,
      async () => {
        const rule = transportContract.find((candidate) => candidate.name.startsWith(breaks))!
        await expect(rule.run(make)).rejects.toThrow(error)
      },
      20_000,
    )
  }
})

describe.concurrent('no other case is broken by it:', () => {
  for (const name of [
    'delivers twice',
    'delivers to the sender',
    'lets the sender write from',
    'replays to receivers that were away',
  ]) {
    const { make, breaks } = faults[name]!
    const rules = transportContract.filter((rule) => !rule.name.startsWith(breaks))
    for (const rule of rules) test(`${name}: ${rule.name}`, () => expect(rule.run(make)).resolves.toBeUndefined())
  }
})

test('every case is broken by some fault', () => {
  const broken = transportContract.filter(({ name }) =>
    Object.values(faults).some(({ breaks }) => name.startsWith(breaks)),
  )
  expect(transportContract.filter((rule) => !broken.includes(rule)).map(({ name }) => name)).toEqual([])
})
