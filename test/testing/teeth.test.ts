import { describe, expect, test } from 'vitest'
import type { OnlineMessage, OutgoingMessage, Transport, TransportListener } from '../../src/core/index.ts'
import { type ContractDevice, type MakeCarrier, transportContract } from '../../src/testing/index.ts'
import { createMemoryNetwork, type MemoryTransport } from '../../src/transports/memory/index.ts'

/** A carrier whose every device has the same fault, on the memory network, which has none. */
const faulty =
  (spoil: (transport: MemoryTransport, id: string) => Partial<Transport & ContractDevice>): MakeCarrier =>
  () => {
    const network = createMemoryNetwork()
    return {
      join(user) {
        const sound = network.join(user)
        const { disconnect, reconnect, ...transport } = { ...sound, ...spoil(sound, user.id) }
        return { transport, disconnect, reconnect }
      },
    }
  }

/** Lets a fault change what is heard. */
const hears =
  (change: (message: OnlineMessage, tell: (message: OnlineMessage) => void) => void) =>
  ({ subscribe }: MemoryTransport): Partial<Transport> => ({
    subscribe: (conversation, on) =>
      subscribe(conversation, { ...on, message: (message) => change(message, on.message) }),
  })

const isSay = ({ command }: { command: string }) => command === 'contract.say'

interface Fault {
  readonly make: MakeCarrier
  /** The rule that has to be found broken, and by how many cases. */
  readonly breaks: string
  readonly says: RegExp
}

const faults: Record<string, Fault> = {
  'queues while it is cut': {
    breaks: 'T1 nothing is queued',
    says: /T1 nothing is queued across a disconnect.*heard/,
    make: faulty((sound) => {
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
  'says that it has sent while it is cut': {
    breaks: 'T1 nothing is queued',
    says: /is told offline at once/,
    make: faulty((sound) => ({
      async send(message) {
        const result = await sound.send(message)
        return !result.ok && result.code === 'offline' ? { ok: true } : result
      },
    })),
  },
  'says online while it is cut': {
    breaks: 'T1 connection tells',
    says: /is not online after disconnect/,
    make: faulty((sound) => ({
      connection: { ...sound.connection, getState: () => 'online' as const, subscribe: () => () => {} },
    })),
  },
  duplicates: {
    breaks: 'T1 nobody hears a message twice',
    says: /each message once/,
    make: faulty(
      hears((message, tell) => {
        tell(message)
        if (isSay(message)) tell(message)
      }),
    ),
  },
  'replays to who was away': {
    breaks: 'G1 what is sent while a receiver is away',
    says: /G1 never late/,
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
                if (isSay(message)) history.push(message)
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
  'gives the last message to a new device': {
    breaks: 'G2 a device that comes later',
    says: /G2 never on another device later/,
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
                    if (isSay(message)) last.set(key, message)
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
  'throws at what it cannot encode': {
    breaks: 'T2 send answers',
    says: /T2 send never throws or rejects, as here with/,
    make: faulty((sound) => ({
      send(message) {
        structuredClone(message.data)
        return sound.send(message)
      },
    })),
  },
  'rejects what it cannot encode': {
    breaks: 'T2 send answers',
    says: /T2 send never throws or rejects, as here with/,
    make: faulty((sound) => ({
      async send(message) {
        JSON.stringify(message.data)
        return sound.send(message)
      },
    })),
  },
  'never answers what is wrong': {
    breaks: 'T2 send answers',
    says: /send answers within/,
    make: faulty((sound) => ({
      async send(message) {
        const result = await sound.send(message)
        return !result.ok && result.code === 'invalid' ? new Promise(() => {}) : result
      },
    })),
  },
  'believes the sender': {
    breaks: 'T3 from is written by the trusted side',
    says: /T3 the message is from ann/,
    make: faulty(
      hears((message, tell) => {
        const { from } = Object(message.data) as { from?: OnlineMessage['from'] }
        tell(from ? { ...message, from } : message)
      }),
    ),
  },
  'hears itself': {
    breaks: 'T4 you never hear yourself',
    says: /T4 nobody hears themselves/,
    make: faulty((sound, id) => {
      const listeners = new Map<string, TransportListener>()
      return {
        send(message) {
          const { conversation, command, data } = message
          if (isSay(message)) {
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
  'goes on after the last subscriber': {
    breaks: 'T5 a group is heard from the first subscriber to the last',
    says: /T5 who has unsubscribed hears nothing/,
    make: faulty((sound) => ({
      subscribe(conversation, on) {
        sound.subscribe(conversation, on)
        return () => {}
      },
    })),
  },
  'does not join again': {
    breaks: 'T5 what was subscribed to is heard again',
    says: /is heard by bob/,
    make: faulty((sound) => ({
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
  'joins what it had joined before': {
    breaks: 'T5 what ended or began while away',
    says: /is heard by bob/,
    make: faulty((sound) => ({
      subscribe(conversation, on) {
        if (sound.connection.getState() === 'online') return sound.subscribe(conversation, on)
        return () => {}
      },
    })),
  },
  'loses the second message in a tick': {
    breaks: 'T6 several messages in one tick',
    says: /T6 all of them, in this order: bob hears/,
    make: faulty((sound) => {
      let isBusy = false
      return {
        async send(message) {
          if (isBusy && isSay(message)) return { ok: true }
          isBusy = true
          setTimeout(() => (isBusy = false))
          return sound.send(message)
        },
      }
    }),
  },
  'delivers in another order': {
    breaks: 'T6 several messages in one tick',
    says: /T6 all of them, in this order: bob hears/,
    make: faulty(
      hears((message, tell) => {
        if (isSay(message) && Number(message.data) % 2) setTimeout(() => tell(message), 10)
        else tell(message)
      }),
    ),
  },
  'loses messages': {
    breaks: 'T6 a message reaches every device',
    says: /T6 nothing is lost while connected/,
    make: faulty((sound) => ({
      send: async (message) => (isSay(message) ? { ok: true } : sound.send(message)),
    })),
  },
  'mixes threads': {
    breaks: 'T6 a group, its threads',
    says: /is heard there and nowhere else/,
    make: faulty((sound) => ({
      send: (message) =>
        sound.send(
          'thread' in Object(message.conversation) && isSay(message)
            ? { ...message, conversation: { ...message.conversation, thread: undefined } }
            : message,
        ),
    })),
  },
  'shows typists themselves': {
    breaks: 'T4 typing is shown to the others',
    says: /T4 nobody sees themselves type/,
    make: faulty((sound, id) => {
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
  'lets typing end after its message': {
    breaks: 'T6 typing ends before the message',
    says: /T6 typing, nobody, message/,
    make: faulty((sound) => ({
      async send(message) {
        if (message.command === 'textInput') await new Promise((resolve) => setTimeout(resolve, 20))
        return sound.send(message)
      },
    })),
  },
  'shows who has stopped typing meanwhile': {
    breaks: 'G1 whoever stopped typing',
    says: /G1 nobody is shown/,
    make: faulty((sound) => ({
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
  for (const [name, { make, breaks, says }] of Object.entries(faults)) {
    test(
      name,
      async () => {
        const rule = transportContract.find((candidate) => candidate.name.startsWith(breaks))!
        await expect(rule.run(make)).rejects.toThrow(says)
      },
      20_000,
    )
  }
})

describe.concurrent('no other case is broken by it:', () => {
  for (const name of ['duplicates', 'hears itself', 'believes the sender', 'replays to who was away']) {
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
