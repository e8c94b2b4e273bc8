import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Conversation, OnlineMessage, OutgoingMessage, SendResult, Transport } from '../../src/core/index.ts'
import { type MakeNetwork, transportContract } from '../../src/testing/index.ts'
import { createMemoryNetwork, type MemoryTransport } from '../../src/transports/memory/index.ts'
import {
  changesMessages,
  faultyNetwork,
  type FaultyParts,
  isNote,
  isTyping,
} from '../support/contracts/faulty-transports.ts'

// Faults that show in one place of a case only. broken-transports.test.ts has one for each case.

beforeAll(() => {
  vi.useFakeTimers()
  vi.setTimerTickMode('nextTimerAsync')
})
afterAll(() => {
  vi.useRealTimers()
})

const ruleOf = (breaks: string) => transportContract.find(({ name }) => name.startsWith(breaks))!

const sound: MakeNetwork = faultyNetwork(() => ({}))

/** A fault in what `send` answers. */
const changesAnswers = (change: (result: SendResult, message: OutgoingMessage) => unknown) =>
  faultyNetwork(({ send }) => ({
    send: async (message) => change(await send(message), message) as SendResult,
  }))

/** Messages that get lost. */
const loses = (isLost: (message: OnlineMessage) => boolean) =>
  faultyNetwork(
    changesMessages((message, deliver) => {
      if (!isLost(message)) deliver(message)
    }),
  )

/** A fault that only the device has which joins as the given one: 1 is the first. */
function onDevice(number: number, addFault: (transport: MemoryTransport) => FaultyParts): MakeNetwork {
  return () => {
    let devices = 0
    return faultyNetwork((transport) => {
      devices++
      return devices === number ? addFault(transport) : {}
    })()
  }
}

const isTo = (conversation: Conversation | undefined, user: string) => conversation?.user === user
const hasUser = (value: unknown): value is { user: unknown } => Object.hasOwn(Object(value) as object, 'user')
const hasGroup = (value: unknown): value is { group: unknown } => Object.hasOwn(Object(value) as object, 'group')

/** Whether only the data of a message is invalid, and it is this. */
const invalidData = (isThis: (data: unknown) => boolean) => (message: OutgoingMessage) =>
  isTo(message.conversation, 'bob') && message.command === 'contract.invalid' && isThis(message.data)
const invalidCommand = (isThis: (command: unknown) => boolean) => (message: OutgoingMessage) =>
  isTo(message.conversation, 'bob') && message.data === 1 && isThis(message.command)
const invalidConversation = (isThis: (conversation: unknown) => boolean) => (message: OutgoingMessage) =>
  message.command === 'contract.invalid' && message.data === 1 && isThis(message.conversation)
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

describe.concurrent('T2: a transport that accepts one kind of invalid message:', () => {
  test.each<[what: string, isAccepted: (message: OutgoingMessage) => boolean]>([
    ['data with a circle', invalidData((data) => isObject(data) && 'self' in data && data.self === data)],
    ['a bigint', invalidData((data) => typeof data === 'bigint')],
    ['a function', invalidData((data) => typeof data === 'function')],
    ['a symbol', invalidData((data) => typeof data === 'symbol')],
    ['a toJSON that throws', invalidData((data) => isObject(data) && 'toJSON' in data)],
    ['an empty command', invalidCommand((command) => command === '')],
    ['a command that is not a string', invalidCommand((command) => command === 7)],
    ['no conversation', invalidConversation((where) => where === undefined)],
    ['an empty conversation', invalidConversation((where) => isObject(where) && !hasUser(where) && !hasGroup(where))],
    [
      'a user and a group',
      invalidConversation(
        (where) => hasUser(where) && where.user === 'bob' && hasGroup(where) && where.group === 'team',
      ),
    ],
    ['a user that is not a string', invalidConversation((where) => hasUser(where) && where.user === 7)],
  ])('%s', async (what, isAccepted) => {
    const make = changesAnswers((result, message) => (isAccepted(message) ? { ok: true } : result))
    await expect(ruleOf('T2: send answers').run(make)).rejects.toThrow(
      `Expected: T2: ${what} is refused, with a reason. Happened: {"ok":true}.`,
    )
  })

  test('and one that refuses them without a reason', async () => {
    const make = changesAnswers((result) => (result.ok ? result : { ...result, message: '' }))
    await expect(ruleOf('T2: send answers').run(make)).rejects.toThrow(
      /T2: data with a circle is refused, with a reason\. Happened: \{"ok":false,"code":"invalid","message":""\}/,
    )
  })

  test.each([
    ['a code that is no string', { ok: false, code: 7, message: 'no' }],
    ['no message', { ok: false, code: 'invalid' }],
    ['no code', { ok: false, message: 'no' }],
  ])('and one whose answer has %s', async (_, answer) => {
    const make = changesAnswers((result) => (result.ok ? result : answer))
    await expect(ruleOf('T2: send answers').run(make)).rejects.toThrow(
      `T2: send answers { ok: true } or { ok: false, code, message }. Happened: ${JSON.stringify(answer)}`,
    )
  })
})

interface NarrowFault {
  readonly breaks: string
  readonly error: RegExp
  readonly make: MakeNetwork
}

/** Keeps what the devices of a user receive in one conversation, to deliver it where it does not belong. */
function remembers(
  addFault: (parts: {
    sound: MemoryTransport
    id: string
    listeners: Map<string, (message: OnlineMessage) => void>
  }) => FaultyParts,
) {
  return faultyNetwork((transport, id) => {
    const listeners = new Map<string, (message: OnlineMessage) => void>()
    const parts = addFault({ sound: transport, id, listeners })
    return {
      subscribe(conversation, on) {
        listeners.set(conversation.user ?? '', on.message)
        return transport.subscribe(conversation, on)
      },
      ...parts,
    }
  })
}

const faults: Record<string, NarrowFault> = {
  'a large message ends the connection': {
    breaks: 'T2: send answers',
    error: /what ann sends to .*bob.* reaches bob/,
    make: faultyNetwork(({ send, disconnect }) => ({
      async send(message) {
        const isLarge = String(message.data).startsWith('xxx') && String(message.data).length === 2_000_000
        if (isLarge && isTo(message.conversation, 'bob') && message.command === 'contract.large') disconnect()
        return send(message)
      },
    })),
  },
  'what claims to be from another sender arrives in the conversation with that one': {
    breaks: 'T3: from is written',
    error:
      /T3: nothing arrives in another sender’s conversation: bob receives \[\]\. Happened: .*"id":"cy","name":"Cy"/,
    make: faultyNetwork(({ subscribe }) => {
      const listeners = new Map<string, (message: OnlineMessage) => void>()
      return {
        subscribe(conversation, on) {
          if (conversation.user !== undefined) listeners.set(conversation.user, on.message)
          return subscribe(conversation, {
            ...on,
            message(message) {
              const { from } = Object(message.data) as { from?: { id: string } }
              if (from && message.conversation.user) listeners.get(from.id)?.(message)
              on.message(message)
            },
          })
        },
      }
    }),
  },
  'a note to oneself is delivered, a moment later': {
    breaks: 'T4: nobody receives their own messages',
    error: /T4: nobody receives their own messages: ann.* receives \[\]\. Happened: \{"received":\["to myself"/,
    make: remembers(({ sound: { send }, id, listeners }) => ({
      send(message) {
        const { conversation, command, data } = message
        if (isNote(message) && conversation.user === id) {
          setTimeout(() => listeners.get(id)?.({ conversation, command, data, from: { id } }), 10)
        }
        return send(message)
      },
    })),
  },
  'subscribers of the connection do not learn that it is lost': {
    breaks: 'T1: connection shows',
    error:
      /subscribers of the connection learn that the device is not online any more, within 5000 ms\. Happened: \[\]/,
    make: faultyNetwork(({ connection }) => ({
      connection: { ...connection, subscribe: () => () => {} },
    })),
  },
  'subscribers of the connection do not learn that it is back': {
    breaks: 'T1: connection shows',
    error:
      /subscribers of the connection learn that the device is online again, within 5000 ms\. Happened: \["offline"\]/,
    make: faultyNetwork(({ connection }) => ({
      connection: {
        ...connection,
        subscribe: (listener) =>
          connection.subscribe((state, previous) => {
            if (state !== 'online') listener(state, previous)
          }),
      },
    })),
  },
  'a device is never online': {
    breaks: 'T6: a message reaches every device',
    error: /ann is online after joining, within 5000 ms\. Happened: "connecting"/,
    make: faultyNetwork(({ connection }) => ({
      connection: { ...connection, getState: () => 'connecting' as const },
    })),
  },
  'a device does not come back': {
    breaks: 'T1: connection shows',
    error: /ann's connection is online after reconnect\(\), within 5000 ms\. Happened: "offline"/,
    make: faultyNetwork(() => ({ reconnect() {} })),
  },
  'everything is refused': {
    breaks: 'T6: several messages in one tick',
    error: /ann's message to .* is accepted\. Happened: \{"ok":false,"code":"forbidden"/,
    make: changesAnswers((result, message) =>
      isNote(message) ? { ok: false, code: 'forbidden', message: 'no' } : result,
    ),
  },
  'off the network another code is answered': {
    breaks: 'T1: nothing is queued',
    error: /T1: ann, who is off the network, gets offline at once\. Happened: \{"ok":false,"code":"timeout"/,
    make: changesAnswers((result) => (result.ok ? result : { ...result, code: 'timeout' })),
  },
  'only one-to-one is queued off the network': {
    breaks: 'T1: nothing is queued',
    error: /T1: nothing is queued across a disconnect: bob receives/,
    make: faultyNetwork(({ send, connection }) => {
      const queue: OutgoingMessage[] = []
      connection.subscribe((state) => {
        if (state === 'online') for (const message of queue.splice(0)) void send(message)
      })
      return {
        async send(message) {
          const result = await send(message)
          if (!result.ok && isTo(message.conversation, 'bob')) queue.push(message)
          return result
        },
      }
    }),
  },
  'only the first device of a user is reached': {
    breaks: 'T6: a message reaches every device',
    error: /reaches bob, bob's device 2, within 5000 ms\. Happened: "nothing arrived at bob's device 2"/,
    make: onDevice(
      3,
      changesMessages(() => {}),
    ),
  },
  'the receiver is named in place of the sender': {
    breaks: 'T6: a message reaches every device',
    error: /one-to-one, conversation\.user is the sender\. Happened: \{"conversation":\{"user":"bob"\}/,
    make: faultyNetwork(
      changesMessages((message, deliver) =>
        deliver(message.conversation.user ? { ...message, conversation: { user: 'bob' } } : message),
      ),
    ),
  },
  'the order changes in groups only': {
    breaks: 'T6: several messages in one tick',
    error: /T6: all of them, in this order: bob receives/,
    make: faultyNetwork(
      changesMessages((message, deliver) => {
        if (isNote(message) && message.conversation.group && message.data === 3) setTimeout(() => deliver(message), 10)
        else deliver(message)
      }),
    ),
  },
  'threads of a group are mixed': {
    breaks: 'T6: a group, its threads',
    error:
      /T6: what is sent to one conversation is received there and nowhere else: bob receives \[\{"group":"team"\}\]/,
    make: changesConversations((conversation) =>
      hasGroup(conversation) ? { group: conversation.group } : conversation,
    ),
  },
  'threads of a pair are mixed': {
    breaks: 'T6: a group, its threads',
    error: /T6: what is sent to one conversation is received there and nowhere else: bob receives \[\{"user":"bob"\}\]/,
    make: changesConversations((conversation) => (hasUser(conversation) ? { user: conversation.user } : conversation)),
  },
  'what is sent to one person is received by others': {
    breaks: 'T6: a group, its threads',
    error: /T6: nobody receives what was sent to others: cy receives \[\]/,
    make: faultyNetwork(({ send }) => ({
      async send(message) {
        const { conversation } = message
        if (isNote(message) && isTo(conversation, 'bob')) await send({ ...message, conversation: { user: 'cy' } })
        return send(message)
      },
    })),
  },
  'with one subscription all of a conversation miss messages': {
    breaks: 'T5: a group is received',
    error:
      /T5: an inbox that has not unsubscribed still receives: bob receives \["for one"\]\. Happened: \{"received":\[\]\}/,
    make: faultyNetwork(({ subscribe }) => {
      let hasEnded = false
      return {
        subscribe(conversation, on) {
          const end = subscribe(conversation, {
            ...on,
            message(message) {
              if (!isNote(message) || !hasEnded) on.message(message)
            },
          })
          return () => {
            hasEnded = true
            end()
          }
        },
      }
    }),
  },
  'the last note is kept for a later subscription': {
    breaks: 'T5: a group is received',
    error: /T5: nothing is kept for a later subscription: bob receives \[\]\. Happened: \{"received":\["for one"\]\}/,
    make: faultyNetwork(({ subscribe }) => {
      let last: OnlineMessage | undefined
      let subscriptions = 0
      return {
        subscribe(conversation, on) {
          subscriptions++
          const old = last
          if (subscriptions === 3 && old) queueMicrotask(() => on.message(old))
          return subscribe(conversation, {
            ...on,
            message(message) {
              if (isNote(message)) last = message
              on.message(message)
            },
          })
        },
      }
    }),
  },
  'the last subscription of a conversation does not end': {
    breaks: 'T5: a group is received',
    error:
      /T5: an inbox that has unsubscribed receives nothing: bob receives \["for one"\]\. Happened: \{"received":\["for one","for nobody"\]\}/,
    make: faultyNetwork(({ subscribe }) => {
      let subscriptions = 0
      return {
        subscribe(conversation, on) {
          subscriptions++
          const end = subscribe(conversation, on)
          return subscriptions === 2 ? () => {} : end
        },
      }
    }),
  },
  'subscriptions are valid again only once': {
    breaks: 'T5: subscriptions are valid again',
    error: /what ann sends to .* reaches bob/,
    make: faultyNetwork(({ subscribe, connection }) => ({
      subscribe(conversation, on) {
        let reconnects = 0
        const end = subscribe(conversation, on)
        const unwatch = connection.subscribe((state) => {
          if (state === 'online') reconnects++
          if (reconnects === 2) end()
        })
        return () => {
          unwatch()
          end()
        }
      },
    })),
  },
  'a sender that was away reaches nobody': {
    breaks: 'T5: subscriptions are valid again',
    error: /T5: the group is received, within 5000 ms\. Happened: \[\]/,
    make: faultyNetwork(({ send, connection }) => {
      let wasAway = false
      connection.subscribe(() => (wasAway = true))
      return { send: async (message) => (wasAway && isNote(message) ? { ok: true } : send(message)) }
    }),
  },
  'a subscription that ends while away goes on': {
    breaks: 'T5: subscriptions that ended or began while away',
    error:
      /T5: an inbox that has unsubscribed receives nothing: bob receives \[\]\. Happened: \{"received":\["for nobody"\]\}/,
    make: faultyNetwork(({ subscribe, connection }) => ({
      subscribe(conversation, on) {
        const end = subscribe(conversation, on)
        return () => {
          if (connection.getState() === 'online') end()
        }
      },
    })),
  },
  'only the first activity is shown': {
    breaks: 'T4: typing is shown to the others',
    error: /bob sees ann, within 5000 ms\. Happened: ""/,
    make: faultyNetwork((transport) => {
      let hasEnded = false
      return changesMessages((message, deliver) => {
        if (isTyping(message) && hasEnded) return
        if (isTyping(message) && (message.data as { ttl: number }).ttl === 0) hasEnded = true
        deliver(message)
      })(transport)
    }),
  },
  'the end of an activity is not shown': {
    breaks: 'T4: typing is shown to the others',
    error: /bob sees nobody any more, within 5000 ms\. Happened: "ann"/,
    make: faultyNetwork(
      changesMessages((message, deliver) => {
        const lease = message.data as { ttl: number }
        if (!isTyping(message)) deliver(message)
        else if (lease.ttl > 0) deliver({ ...message, data: { ...lease, ttl: 60_000 } })
      }),
    ),
  },
  'typing that a keystroke begins is not shown': {
    breaks: 'T6: typing ends before the message',
    error: /bob learns that ann types, within 5000 ms\. Happened: \[\]/,
    make: loses(isTyping),
  },
  'typing is not shown one-to-one': {
    breaks: 'G1: a typist who stopped',
    error: /bob sees ann, within 5000 ms\. Happened: ""/,
    make: loses(isTyping),
  },
  'the message that ends typing is lost': {
    breaks: 'T6: typing ends before the message',
    error: /bob receives the message, within 5000 ms\. Happened: \["typing","nobody"\]/,
    make: loses(isNote),
  },
  'a witness receives no group': {
    breaks: 'G1: what is sent while a receiver is away',
    error: /the witness, who stayed, receives the group, within 5000 ms\. Happened: \[\]/,
    make: loses(isNote),
  },
  'the first device does not receive the group': {
    breaks: 'G2: a device that comes later',
    error: /the first device receives both, within 5000 ms\. Happened: \[\["early"\],\[\]\]/,
    make: loses((message) => isNote(message) && message.conversation.group !== undefined),
  },
  'a group is not received beside own messages': {
    breaks: 'T4: nobody receives their own messages',
    error: /the other user receives both, within 5000 ms\. Happened: \[\["to bob","to bob"\],\[\]\]/,
    make: loses((message) => isNote(message) && message.conversation.group !== undefined),
  },
}

/** A fault in where notes go. */
function changesConversations(change: (conversation: Conversation) => Conversation): MakeNetwork {
  return faultyNetwork(({ send }) => ({
    send: (message) => send(isNote(message) ? { ...message, conversation: change(message.conversation) } : message),
  }))
}

describe.concurrent('a transport with a fault in one place fails there:', () => {
  for (const [name, { breaks, error, make }] of Object.entries(faults)) {
    test(name, async () => expect(ruleOf(breaks).run(make)).rejects.toThrow(error))
  }
})

/** A network whose server says who types: leases do not travel to the receivers. */
const withTypingUpdates = faultyNetwork(({ subscribe, connection }) => ({
  subscribe(conversation, on) {
    const unwatch = connection.subscribe((state) => {
      if (state !== 'online') on.typists({ typists: [], total: 0 })
    })
    const end = subscribe(conversation, {
      ...on,
      message(message) {
        if (!isTyping(message)) {
          on.message(message)
          return
        }
        const { ttl, activity, since } = message.data as { ttl: number; activity: 'typing'; since: number }
        const typists = ttl > 0 ? [{ ...message.from, activity, since }] : []
        on.typists({ typists, total: typists.length })
      },
    })
    return () => {
      unwatch()
      end()
    }
  },
}))

describe.concurrent('no case is broken by', () => {
  const typingRules = transportContract.filter(({ name }) => /typ(ing|ist)/.test(name))
  test.each(typingRules)('a server that says who types: $name', ({ run }) =>
    expect(run(withTypingUpdates)).resolves.toBeUndefined(),
  )
})

describe('a case takes its network down', () => {
  /** How many subscriptions are left, and how often the network was closed. */
  async function runOn(make: MakeNetwork, breaks: string) {
    const left = { subscriptions: 0, closed: 0 }
    const counting: MakeNetwork = async () => {
      const network = await make()
      return {
        async join(user) {
          const device = await network.join(user)
          const { subscribe, connection } = device.transport
          const count =
            <Args extends unknown[]>(begin: (...args: Args) => () => void) =>
            (...args: Args) => {
              left.subscriptions++
              const end = begin(...args)
              return () => {
                left.subscriptions--
                end()
              }
            }
          const transport: Transport = {
            ...device.transport,
            subscribe: once(count(subscribe)),
            connection: { ...connection, subscribe: count(connection.subscribe) },
          }
          return { ...device, transport }
        },
        close: () => void left.closed++,
      }
    }
    const outcome = await ruleOf(breaks)
      .run(counting)
      .then(
        () => 'passes',
        () => 'fails',
      )
    return { outcome, ...left }
  }

  /** Ending twice counts once. */
  const once =
    <Args extends unknown[]>(begin: (...args: Args) => () => void) =>
    (...args: Args) => {
      let end: (() => void) | undefined = begin(...args)
      return () => {
        end?.()
        end = undefined
      }
    }

  test('when it passes, and when it fails', async () => {
    const rule = 'T6: several messages in one tick'
    expect(await runOn(sound, rule)).toEqual({ outcome: 'passes', subscriptions: 0, closed: 1 })
    const broken = changesAnswers((result, message) =>
      isNote(message) ? { ok: false, code: 'forbidden', message: 'no' } : result,
    )
    expect(await runOn(broken, rule)).toEqual({ outcome: 'fails', subscriptions: 0, closed: 1 })
  })

  test('and each has one of its own', async () => {
    const networks: unknown[] = []
    const make: MakeNetwork = () => {
      const network = createMemoryNetwork()
      networks.push(network)
      return { join: (user) => ({ transport: network.join(user) }) }
    }
    await ruleOf('T6: several messages in one tick').run(make)
    await ruleOf('T6: several messages in one tick').run(make)
    expect(networks).toHaveLength(2)
  })
})
