import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createError } from '../../../src/core/errors.ts'
import { createOnlineMessageClient, type OnlineMessage, type Transport } from '../../../src/core/index.ts'
import { createMemoryNetwork, type MemoryTransport } from '../../../src/transports/memory/index.ts'

const ann = { id: 'ann', name: 'Ann', avatar: 'ann.png' }
const bob = { id: 'bob' }
const team = { group: 'team' }

/** The data of the messages that a device receives in a conversation. */
function receive(device: Transport, conversation: Parameters<Transport['subscribe']>[0]): unknown[] {
  const received: unknown[] = []
  device.subscribe(conversation, { message: ({ data }) => received.push(data), typists() {} })
  return received
}
const send = (device: Transport, conversation: Parameters<Transport['subscribe']>[0], data: unknown = 1) =>
  device.send({ conversation, command: 'wave', data })
const letEverythingArrive = () => vi.advanceTimersByTimeAsync(1000)

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('delivers', () => {
  test('one-to-one: the receiver gets it in the conversation with the sender', async () => {
    const network = createMemoryNetwork()
    const messages: OnlineMessage[] = []
    const on = { message: (message: OnlineMessage) => messages.push(message), typists() {} }
    network.join(bob).subscribe({ user: 'ann', thread: 't' }, on)
    const result = network
      .join(ann)
      .send({ conversation: { user: 'bob', thread: 't' }, command: 'wave', data: { n: 1 } })
    await expect(result).resolves.toEqual({ ok: true, recipients: 1 })
    expect(messages).toEqual([
      { conversation: { user: 'ann', thread: 't' }, command: 'wave', data: { n: 1 }, from: ann },
    ])
  })

  test('in a group: to all its subscribers, and not to those of its threads', async () => {
    const network = createMemoryNetwork()
    const [sender, b, c, d] = ['a', 'b', 'c', 'd'].map((id) => network.join({ id })) as [
      MemoryTransport,
      MemoryTransport,
      MemoryTransport,
      MemoryTransport,
    ]
    const received = [
      receive(b, team),
      receive(c, team),
      receive(d, { group: 'team', thread: 't' }),
      receive(d, { group: 'other' }),
    ]
    await expect(send(sender, team)).resolves.toEqual({ ok: true, recipients: 2 })
    expect(received).toEqual([[1], [1], [], []])
  })

  test('one-to-one: to all devices of the receiver, and to nobody else', async () => {
    const network = createMemoryNetwork()
    const sender = network.join(ann)
    const received = [bob, bob, { id: 'cy' }].map((user) => receive(network.join(user), { user: 'ann' }))
    await expect(send(sender, { user: 'bob' })).resolves.toEqual({ ok: true, recipients: 2 })
    expect(received).toEqual([[1], [1], []])
  })

  test('T4: nobody receives their own messages, on any of their devices', async () => {
    const network = createMemoryNetwork()
    const [one, two] = [network.join(ann), network.join(ann)]
    const received = [
      receive(one, team),
      receive(two, team),
      receive(one, { user: 'ann' }),
      receive(two, { user: 'bob' }),
    ]
    await expect(send(one, team)).resolves.toEqual({ ok: true, recipients: 0 })
    await expect(send(one, { user: 'ann' })).resolves.toEqual({ ok: true, recipients: 0 })
    await expect(send(one, { user: 'bob' })).resolves.toEqual({ ok: true, recipients: 0 })
    await letEverythingArrive()
    expect(received).toEqual([[], [], [], []])
  })

  test('T3: from is the user who joined, whatever the message or its data claim', async () => {
    const network = createMemoryNetwork()
    const from: unknown[] = []
    network.join(bob).subscribe(team, { message: (message) => from.push(message.from), typists() {} })
    const user = { ...ann, admin: true }
    const sender = network.join(user)
    user.id = 'eve'
    const message = { conversation: team, command: 'wave', data: { from: bob }, from: bob }
    await sender.send(message)
    expect(from).toEqual([ann])
  })

  test('T6: several messages in one tick all arrive, in order', async () => {
    for (const latency of [0, 50]) {
      const network = createMemoryNetwork({ latency })
      const received = receive(network.join(bob), team)
      const sender = network.join(ann)
      for (let i = 0; i < 100; i++) void send(sender, team, i)
      expect(received).toEqual([])
      await letEverythingArrive()
      expect(received).toEqual(Array.from({ length: 100 }, (_, i) => i))
    }
  })

  test('nothing is shared: each device has objects of its own', async () => {
    const network = createMemoryNetwork()
    const messages: OnlineMessage[] = []
    for (const id of ['b', 'c']) {
      network.join({ id }).subscribe(team, { message: (message) => messages.push(message), typists() {} })
    }
    const data = { list: [1] }
    const conversation = { group: 'team' }
    const sent = network.join(ann).send({ conversation, command: 'wave', data })
    data.list.push(2)
    conversation.group = 'other'
    await sent
    const [one, two] = messages as [OnlineMessage, OnlineMessage]
    expect(one).toEqual({ conversation: team, command: 'wave', data: { list: [1] }, from: ann })
    expect(two).toEqual(one)
    for (const part of ['data', 'from', 'conversation'] as const) expect(one[part]).not.toBe(two[part])
  })

  test('a message without data arrives without data', async () => {
    const network = createMemoryNetwork()
    const received = receive(network.join(bob), team)
    await send(network.join(ann), team, null)
    await network.join(ann).send({ conversation: team, command: 'wave', data: undefined })
    expect(received).toEqual([null, undefined])
  })

  test('typing leases as they are: the receiver shows and removes the typist', async () => {
    const network = createMemoryNetwork({ latency: 100 })
    const a = createOnlineMessageClient({ transport: network.join(ann) })
    const b = createOnlineMessageClient({ transport: network.join(bob) })
    const typists = b.typists({ user: 'ann' })
    const unsubscribe = typists.subscribe(() => {})
    const typing = a.typing({ user: 'bob' })
    typing.keystroke()
    await vi.advanceTimersByTimeAsync(100)
    expect(typists.getState().typists).toMatchObject([{ ...ann, activity: 'typing' }])
    typing.stop()
    await vi.advanceTimersByTimeAsync(100)
    expect(typists.getState().total).toBe(0)
    unsubscribe()
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('latency', () => {
  test('0: a message arrives after the code that sent it, and needs no timer', async () => {
    const network = createMemoryNetwork()
    const received = receive(network.join(bob), team)
    void send(network.join(ann), team)
    expect(received).toEqual([])
    await Promise.resolve()
    expect(received).toEqual([1])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('is how long a message takes', async () => {
    const network = createMemoryNetwork({ latency: 250 })
    const received = receive(network.join(bob), team)
    await send(network.join(ann), team)
    await vi.advanceTimersByTimeAsync(249)
    expect(received).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(received).toEqual([1])
  })

  test('of a minute is allowed', () => {
    expect(() => createMemoryNetwork({ latency: 60_000 })).not.toThrow()
  })

  test.each([-1, NaN, Infinity, 60_001])('%d is refused, with the fix', (latency) => {
    expect(() => createMemoryNetwork({ latency })).toThrow(
      createError(RangeError, 'invalid-option', 'latency is in milliseconds: give 0 to 60000.'),
    )
  })
})

describe('loss', () => {
  test('is decided for each device by itself', async () => {
    const rolls = [0.2, 0.4, 0.1]
    const network = createMemoryNetwork({ loss: 0.3, random: () => rolls.shift() ?? 0 })
    const received = ['b', 'c', 'd'].map((id) => receive(network.join({ id }), team))
    await expect(send(network.join(ann), team)).resolves.toEqual({ ok: true, recipients: 1 })
    expect(received).toEqual([[], [1], []])
  })

  test.each([
    [0, 0, 1],
    [1, 0.999, 0],
  ])('%d with a roll of %d: %d arrive', async (loss, roll, arrived) => {
    const network = createMemoryNetwork({ loss, random: () => roll })
    const received = receive(network.join(bob), team)
    await send(network.join(ann), team)
    expect(received).toHaveLength(arrived)
  })

  test.each([-0.1, 1.1, NaN])('%d is refused, with the fix', (loss) => {
    expect(() => createMemoryNetwork({ loss })).toThrow(
      createError(RangeError, 'invalid-option', 'loss is a share: give 0 (nothing) to 1 (everything).'),
    )
  })
})

describe('the receivers are those at the moment of sending', () => {
  test('G1: a device that was offline does not receive it, not even after it is back', async () => {
    const network = createMemoryNetwork({ latency: 100 })
    const receiver = network.join(bob)
    const received = receive(receiver, team)
    receiver.disconnect()
    await expect(send(network.join(ann), team)).resolves.toEqual({ ok: true, recipients: 0 })
    receiver.reconnect()
    await letEverythingArrive()
    expect(received).toEqual([])
  })

  test('T1: a message on its way to a device that disconnects is dropped, even if the device is back before', async () => {
    const network = createMemoryNetwork({ latency: 100 })
    const receiver = network.join(bob)
    const received = receive(receiver, team)
    await send(network.join(ann), team, 'before')
    receiver.disconnect()
    receiver.reconnect()
    await send(network.join(ann), team, 'after')
    await letEverythingArrive()
    expect(received).toEqual(['after'])
  })

  test('T6: a message on its way arrives, also when its receiver subscribes once more meanwhile', async () => {
    const network = createMemoryNetwork({ latency: 100 })
    const [a, b] = [network.join(ann), network.join(bob)]
    const before = receive(b, team)
    await send(a, team)
    receive(b, team)
    await letEverythingArrive()
    expect(before).toEqual([1])
  })

  test('G2: a device that joins or subscribes later never receives it', async () => {
    const network = createMemoryNetwork({ latency: 100 })
    const first = receive(network.join(bob), team)
    const other = network.join(bob)
    await send(network.join(ann), team)
    const late = [receive(other, team), receive(network.join(bob), team)]
    await letEverythingArrive()
    expect(first).toEqual([1])
    expect(late).toEqual([[], []])
  })

  test('G2: nor does a device that unsubscribes and subscribes again before it arrives', async () => {
    const network = createMemoryNetwork({ latency: 100 })
    const receiver = network.join(bob)
    receiver.subscribe(team, { message() {}, typists() {} })()
    const unsubscribe = receiver.subscribe(team, { message() {}, typists() {} })
    await send(network.join(ann), team)
    unsubscribe()
    const received = receive(receiver, team)
    await letEverythingArrive()
    expect(received).toEqual([])
  })

  test('T5: after a reconnect its subscriptions are valid again', async () => {
    const network = createMemoryNetwork()
    const receiver = network.join(bob)
    const received = [receive(receiver, team), receive(receiver, { user: 'ann' })]
    receiver.disconnect()
    receive(receiver, { group: 'other' })
    receiver.reconnect()
    await send(network.join(ann), team, 1)
    await send(network.join(ann), { user: 'bob' }, 2)
    await expect(send(network.join(ann), { group: 'other' }, 2)).resolves.toEqual({ ok: true, recipients: 1 })
    expect(received).toEqual([[1], [2]])
  })

  test('a message that has left its sender arrives, even if the sender disconnects', async () => {
    const network = createMemoryNetwork({ latency: 100 })
    const received = receive(network.join(bob), team)
    const sender = network.join(ann)
    void send(sender, team)
    sender.disconnect()
    await letEverythingArrive()
    expect(received).toEqual([1])
  })

  test('subscribers of the connection find its new state in force', async () => {
    const network = createMemoryNetwork()
    const receiver = network.join(bob)
    const sender = network.join(ann)
    const results: unknown[] = []
    receiver.connection.subscribe(() => void send(sender, team).then((result) => results.push(result)))
    receive(receiver, team)
    receiver.disconnect()
    receiver.reconnect()
    await letEverythingArrive()
    expect(results).toEqual([
      { ok: true, recipients: 0 },
      { ok: true, recipients: 1 },
    ])
  })
})

describe('connection', () => {
  test('is a store: online at once, and the same state again notifies nobody', () => {
    const device = createMemoryNetwork().join(ann)
    const seen: string[] = []
    device.connection.subscribe((state) => seen.push(state))
    expect(device.connection.getState()).toBe('online')
    expect(device.connection.getInitialState()).toBe('online')
    device.disconnect()
    device.disconnect()
    expect(device.connection.getState()).toBe('offline')
    device.reconnect()
    device.reconnect()
    expect(seen).toEqual(['offline', 'online'])
  })
})

describe('T2: send never rejects', () => {
  test('offline: it answers at once', async () => {
    const network = createMemoryNetwork()
    const received = receive(network.join(bob), team)
    const device = network.join(ann)
    device.disconnect()
    await expect(send(device, team)).resolves.toMatchObject({
      ok: false,
      code: 'offline',
      message: expect.stringContaining('Send again when') as string,
    })
    device.reconnect()
    await letEverythingArrive()
    expect(received).toEqual([])
  })

  test('a signal that is aborted before: aborted, and nothing is sent', async () => {
    const network = createMemoryNetwork()
    const received = receive(network.join(bob), team)
    const message = { conversation: team, command: 'wave', data: 1 }
    const result = await network.join(ann).send(message, { signal: AbortSignal.abort() })
    expect(result).toMatchObject({ ok: false, code: 'aborted' })
    await letEverythingArrive()
    expect(received).toEqual([])
  })

  test.each([null, undefined, {}, 'team', { user: '' }, { user: 'a', group: 'b' }, { group: 'x'.repeat(257) }])(
    'an invalid conversation: %j',
    async (conversation) => {
      const device = createMemoryNetwork().join(ann)
      await expect(send(device, conversation as unknown as { user: string })).resolves.toMatchObject({
        ok: false,
        code: 'invalid',
        message: expect.stringMatching(/^The conversation .+\. Give /) as string,
      })
    },
  )

  test.each(['', 'x'.repeat(129), undefined, 3, {}])('an invalid command: %j', async (command) => {
    const device = createMemoryNetwork().join(ann)
    const result = device.send({ conversation: team, command: command as string, data: 1 })
    await expect(result).resolves.toMatchObject({
      ok: false,
      code: 'invalid',
      message: expect.stringMatching(/^The command .+\. Give /) as string,
    })
  })

  test('data that JSON cannot hold, and too much of it', async () => {
    const network = createMemoryNetwork()
    const received = receive(network.join(bob), team)
    const device = network.join(ann)
    await expect(send(device, team, 1n)).resolves.toMatchObject({ ok: false, code: 'invalid' })
    await expect(send(device, team, () => 1)).resolves.toMatchObject({ ok: false, code: 'invalid' })
    await expect(send(device, team, 'x'.repeat(4095))).resolves.toMatchObject({ ok: false, code: 'too-large' })
    expect(received).toEqual([])
    await expect(send(device, team, 'x'.repeat(4094))).resolves.toMatchObject({ ok: true })
    expect(received).toHaveLength(1)
  })
})

describe('subscribe', () => {
  test('to an invalid conversation is refused, unless it has ended by then', async () => {
    const device = createMemoryNetwork().join(ann)
    const refused = vi.fn()
    const nowhere = { user: '' }
    device.subscribe(nowhere, { message() {}, typists() {}, refused })()
    const unsubscribe = device.subscribe(nowhere, { message() {}, typists() {}, refused })
    expect(refused).not.toHaveBeenCalled()
    await Promise.resolve()
    expect(refused).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'invalid' }))
    unsubscribe()
  })
})

test.each([{ id: '' }, { id: 'x'.repeat(257) }, { id: 3 }, {}])('join refuses %j, with the fix', (user) => {
  expect(() => createMemoryNetwork().join(user as { id: string })).toThrow(
    createError(TypeError, 'invalid-user', 'The user is invalid. Give { id }, a string of 1 to 256 characters.'),
  )
})

test('nothing is left: no timer, and the network forgets a device without subscriptions', async () => {
  const random = vi.fn(() => 0.5)
  const network = createMemoryNetwork({ latency: 10, random })
  const unsubscribes = Array.from({ length: 5 }, () =>
    network.join(bob).subscribe(team, { message() {}, typists() {} }),
  )
  const sender = network.join(ann)
  await send(sender, team)
  expect(random).toHaveBeenCalledTimes(5)
  for (const unsubscribe of unsubscribes) unsubscribe()
  await letEverythingArrive()
  await expect(send(sender, team)).resolves.toEqual({ ok: true, recipients: 0 })
  expect(random).toHaveBeenCalledTimes(5)
  expect(vi.getTimerCount()).toBe(0)
})
