/**
 * The transport on Tencent's real Web SDK (`@tencentcloud/chat`, pinned), whose network ends in this process: see
 * test/support/tencent-chat/service.ts for what that proves.
 */
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import {
  createOnlineMessageClient,
  type Conversation,
  type OnlineMessage,
  type Transport,
} from '../../../src/core/index.ts'
import { createTencentChatTransport } from '../../../src/transports/tencent-chat/index.ts'
import { DOCUMENTS, KITS, OLDEST_DEMO } from '../../support/tencent-chat/kits.ts'
import { type ChatDevice, type ChatService, createChatService } from '../../support/tencent-chat/service.ts'

const ann = { id: 'ann', name: 'Ann', avatar: 'https://example.com/ann.png' }
const bob = { id: 'bob' }
const cy = { id: 'cy' }
const team = { group: 'team' }
const PATIENCE = { timeout: 5000 }

let service: ChatService
let closed: boolean
const rejections: unknown[] = []
const remember = (reason: unknown) => rejections.push(reason)

beforeEach(() => {
  service = createChatService()
  closed = false
  process.on('unhandledRejection', remember)
})
afterEach(async () => {
  if (!closed) await service.close()
  process.off('unhandledRejection', remember)
  expect(rejections.splice(0)).toEqual([])
})

const receive = (transport: Transport, conversation: Conversation) => {
  const messages: OnlineMessage[] = []
  onTestFinished(transport.subscribe(conversation, { message: (message) => messages.push(message), typists() {} }))
  return messages
}
const joined = async (user: typeof bob) => {
  const device = await service.join(user)
  return { ...device, transport: createTencentChatTransport(device.chat) }
}
const state = ({ connection }: Transport) => connection.getState()
const becomes = (transport: Transport, expected: string) => expect.poll(() => state(transport), PATIENCE).toBe(expected)
const carried = (index: number) => JSON.parse(service.messages[index]!.MsgBody[0]!.MsgContent.Data) as object

/** The handlers on an instance: those that were added and not removed. */
const countHandlers = ({ chat }: ChatDevice) => {
  const handlers = new Set<unknown>()
  vi.spyOn(chat, 'on').mockImplementation((_, handler) => void handlers.add(handler))
  vi.spyOn(chat, 'off').mockImplementation((_, handler) => void handlers.delete(handler))
  return handlers
}

describe('before SDK_READY', () => {
  test('connecting; nothing is created, sent or asked for', async () => {
    const device = service.create(ann)
    const { chat } = device
    const early = [
      vi.spyOn(chat, 'createCustomMessage'),
      vi.spyOn(chat, 'sendMessage'),
      vi.spyOn(chat, 'getServerTime'),
    ]
    const transport = createTencentChatTransport(chat)
    const seen: string[] = []
    onTestFinished(transport.connection.subscribe((now) => seen.push(now)))
    receive(transport, { user: 'bob' })
    const client = createOnlineMessageClient({ transport })
    expect(state(transport)).toBe('connecting')
    const typing = client.typing({ user: 'bob' })
    typing.keystroke('a')
    expect(await client.send({ user: 'bob' }, 'note', 1)).toMatchObject({ ok: false, code: 'offline' })
    typing.stop()
    for (const call of early) expect(call).not.toHaveBeenCalled()
    await device.login()
    expect(seen).toEqual(['online'])
    expect(await client.send({ user: 'bob' }, 'note', 1)).toEqual({ ok: true })
  })

  test('handlers are on the SDK while somebody is subscribed, not before and not after', () => {
    const device = service.create(ann)
    const handlers = countHandlers(device)
    const { subscribe } = createTencentChatTransport(device.chat)
    expect(handlers.size).toBe(0)
    const end = subscribe(team, { message() {}, typists() {} })
    expect(handlers.size).toBe(5)
    end()
    expect(handlers.size).toBe(0)
  })
})

describe('sending', () => {
  test('one-to-one and in groups: online only, without a push, with its priority', async () => {
    const { transport } = await joined(ann)
    expect(await transport.send({ conversation: { user: 'bob' }, command: 'note', data: 1 })).toEqual({ ok: true })
    await transport.send({ conversation: { ...team, thread: 'a' }, command: 'note', data: 1, priority: 'high' })
    expect(service.messages).toMatchObject([
      { To_Account: 'bob', MsgLifeTime: 0, OfflinePushInfo: { PushFlag: 1 } },
      { GroupId: 'team', OnlineOnlyFlag: 1, OfflinePushInfo: { PushFlag: 1 }, MsgPriority: 'High' },
    ])
    expect(carried(0)).toEqual({ businessID: 'online_message', version: 1, command: 'note', data: 1 })
    expect(carried(1)).toMatchObject({ command: 'note', thread: 'a', data: 1 })
  })

  test('T6: stop() arrives before the message that the app sends after it through the SDK itself', async () => {
    const { chat, transport } = await joined(ann)
    const typing = createOnlineMessageClient({ transport }).typing({ user: 'bob' })
    typing.keystroke('a')
    typing.stop()
    const text = { to: 'bob', conversationType: 'C2C', payload: { text: 'a' } }
    await chat.sendMessage(chat.createTextMessage(text as unknown as Parameters<typeof chat.createTextMessage>[0]))
    expect(service.messages.map(({ MsgBody }) => MsgBody[0]?.MsgType)).toEqual([
      'TIMCustomElem',
      'TIMCustomElem',
      'TIMTextElem',
    ])
    expect([carried(0), carried(1)]).toMatchObject([{ typingStatus: 1 }, { typingStatus: 0, userAction: 0 }])
  })

  test('more than 12 KB is not given to the SDK', async () => {
    const { transport } = await joined(ann)
    for (const length of [12 * 1024 - 10, 12 * 1024, 2_000_000]) {
      const answer = await transport.send({ conversation: team, command: 'note', data: 'x'.repeat(length) })
      const message = expect.stringContaining('send at most') as string
      expect(answer).toMatchObject({ ok: false, code: 'too-large', message })
    }
    expect(service.messages).toEqual([])
  })

  const CODES = {
    invalid: [20003, 10004, 10010, 10015, 20001, 2998],
    forbidden: [20006, 20007, 20009, 20012, 10007, 10016, 10017, 80001],
    'rate-limited': [2996, 10023],
    'too-large': [80002],
    timeout: [2801],
    offline: [2805, 2999, 2024, 3000, 3001, 3002, 3003, 3004, 3005, 3006],
  } as const

  test.each(Object.entries(CODES))('T2: a refusal is %s for codes %j, and says what to do', async (code, numbers) => {
    const { transport } = await joined(ann)
    for (const number of numbers) {
      service.answerWith(number)
      const answer = await transport.send({ conversation: team, command: 'note', data: 1 })
      expect(answer).toMatchObject({ ok: false, code })
      expect((answer as { message: string }).message.length).toBeGreaterThan(20)
    }
  })

  test('an unknown code is forbidden, and named', async () => {
    const { transport } = await joined(ann)
    service.answerWith(120_345)
    const answer = await transport.send({ conversation: team, command: 'note', data: 1 })
    expect(answer).toMatchObject({ code: 'forbidden', message: expect.stringContaining('120345') as string })
  })
})

describe('receiving', () => {
  test('T3: from is the user whom the service names, with name and picture', async () => {
    const [sender, receiver] = await Promise.all([joined(ann), joined(bob)])
    const messages = [receive(receiver.transport, { user: 'ann' }), receive(receiver.transport, team)]
    const data = { from: cy, nick: 'Cy' }
    await sender.transport.send({ conversation: { user: 'bob' }, command: 'note', data })
    await sender.transport.send({ conversation: team, command: 'note', data })
    for (const [index, conversation] of [{ user: 'ann' }, team].entries()) {
      await expect.poll(() => messages[index], PATIENCE).toEqual([{ conversation, command: 'note', data, from: ann }])
    }
  })

  test('T3: a user without a name and a picture there has none here', async () => {
    const [sender, receiver] = await Promise.all([joined(bob), joined(ann)])
    const messages = receive(receiver.transport, team)
    await sender.transport.send({ conversation: team, command: 'note', data: 1 })
    await expect.poll(() => messages.map(({ from }) => Object.keys(from)), PATIENCE).toEqual([['id']])
  })

  test('T6: a message of nearly 12 KB arrives whole', async () => {
    const [sender, receiver] = await Promise.all([joined(ann), joined(bob)])
    const messages = receive(receiver.transport, { user: 'ann' })
    const data = 'ü'.repeat(6000)
    expect(await sender.transport.send({ conversation: { user: 'bob' }, command: 'note', data })).toEqual({ ok: true })
    await expect.poll(() => messages.map((message) => message.data), PATIENCE).toEqual([data])
  })

  const forms = [
    ...[...KITS, OLDEST_DEMO].flatMap(({ name, start, end }) => [
      [name, start, 7000] as const,
      [`${name}, end`, end, 0] as const,
    ]),
    ...DOCUMENTS.map(([name, start]) => [name, start, 7000] as const),
  ]
  test.each(forms)('typing as %s sends it', async (_, data, ttl) => {
    const { transport } = await joined(bob)
    const messages = receive(transport, { user: 'ann' })
    service.push('bob', { from: 'ann', to: 'bob', data })
    await expect
      .poll(() => messages, PATIENCE)
      .toMatchObject([{ command: 'textInput', data: { ttl, activity: 'typing' } }])
  })

  test('other messages are ignored, and the rest of their event is received', async () => {
    const { transport } = await joined(bob)
    const messages = receive(transport, { user: 'ann' })
    const note = (data: unknown) => JSON.stringify({ businessID: 'online_message', version: 1, command: 'note', data })
    const from = { from: 'ann', to: 'bob' }
    service.push(
      'bob',
      { ...from, data: note(1) },
      { ...from, type: 'TIMTextElem', data: '{"command":"textInput"}' },
      { ...from, data: '{"businessID":"text_link"}' },
      { ...from, data: '' },
      { ...from, data: '{"businessID":"online_message","command":"note","thread":7}' },
      { ...from, data: note(2) },
    )
    await expect.poll(() => messages.map(({ data }) => data), PATIENCE).toEqual([1, 2])
  })

  test('a listener that throws stops no other message of the event', async () => {
    const { transport } = await joined(bob)
    const errors: unknown[] = []
    const micro = queueMicrotask
    vi.stubGlobal('queueMicrotask', (task: () => void) =>
      micro(() => {
        try {
          task()
        } catch (error) {
          errors.push(error)
        }
      }),
    )
    onTestFinished(() => void vi.stubGlobal('queueMicrotask', micro))
    const received: unknown[] = []
    const message = ({ data }: OnlineMessage) => {
      received.push(data)
      throw new Error('from the app')
    }
    onTestFinished(transport.subscribe({ user: 'ann' }, { message, typists() {} }))
    const data = (value: number) => JSON.stringify({ businessID: 'online_message', command: 'note', data: value })
    service.push('bob', ...[1, 2, 3].map((value) => ({ from: 'ann', to: 'bob', data: data(value) })))
    await expect.poll(() => received, PATIENCE).toEqual([1, 2, 3])
    // Each is reported as an uncaught error.
    expect(errors.map(String)).toEqual(Array(3).fill('Error: from the app'))
  })

  test("T4: one's own messages from another device are not received", async () => {
    const [one, two, other] = [await joined(ann), await joined(ann), await joined(bob)]
    const received = vi.fn()
    two.chat.on('onMessageReceived', received)
    const own = [
      receive(two.transport, { user: 'bob' }),
      receive(two.transport, team),
      receive(two.transport, { user: 'ann' }),
    ]
    const others = [receive(other.transport, { user: 'ann' }), receive(other.transport, team)]
    for (const conversation of [{ user: 'bob' }, team, { user: 'ann' }]) {
      await one.transport.send({ conversation, command: 'note', data: 1 })
    }
    await expect.poll(() => others.flat().length, PATIENCE).toBe(2)
    // The SDK itself gives copies to the app.
    await expect.poll(() => received.mock.calls.length, PATIENCE).toBeGreaterThan(1)
    expect(own.flat()).toEqual([])
  })

  test('G1: the clock of the service counts, though the clock of the machine is an hour off', async () => {
    service.setClock(3_600_000)
    const { chat, transport } = await joined(bob)
    expect(Math.abs(Number(chat.getServerTime()) - Date.now() - 3_600_000)).toBeLessThan(2000)
    const messages = receive(transport, { user: 'ann' })
    const now = Math.floor(Date.now() / 1000) + 3600
    const note = (data: string) => ({
      from: 'ann',
      to: 'bob',
      data: `{"businessID":"online_message","command":"note","data":"${data}"}`,
    })
    service.push('bob', { ...note('old'), time: now - 5 })
    service.push('bob', { ...note('sent again'), time: now, clientTime: now - 5 })
    service.push('bob', { ...note('by the wrong clock'), time: now - 3600 })
    service.push('bob', note('new'))
    await expect.poll(() => messages.map(({ data }) => data), PATIENCE).toEqual(['new'])
  })

  test('T1: a message that the SDK sends again after a reconnect is received once', async () => {
    const [sender, receiver] = await Promise.all([joined(ann), joined(bob)])
    const messages = receive(receiver.transport, { user: 'ann' })
    service.answerWith('nothing')
    const answer = sender.transport.send({ conversation: { user: 'bob' }, command: 'note', data: 1 })
    await expect.poll(() => messages.length, PATIENCE).toBe(1)
    service.answerWith(0)
    sender.disconnect()
    expect(await answer).toMatchObject({ ok: false, code: 'offline' })
    sender.reconnect()
    await becomes(sender.transport, 'online')
    await expect.poll(() => service.messages.length, PATIENCE).toBe(2)
    expect(carried(1)).toEqual(carried(0))
    await expect
      .poll(async () => {
        await sender.transport.send({ conversation: { user: 'bob' }, command: 'last', data: 2 })
        return messages.some(({ command }) => command === 'last')
      }, PATIENCE)
      .toBe(true)
    expect(messages.filter(({ command }) => command === 'note')).toHaveLength(1)
  })
})

describe('typing between two devices of this library', () => {
  test.each(['tuikit', 'textInput'] as const)('%s: activity and thread arrive, and typing ends', async (typing) => {
    const [sender, receiver] = await Promise.all([service.join(ann), joined(bob)])
    const transport = createTencentChatTransport(sender.chat, { typing })
    const [mine, theirs] = [transport, receiver.transport].map((each) => createOnlineMessageClient({ transport: each }))
    const places = [{ user: 'ann' }, { user: 'ann', thread: 'a' }]
    const shown = places.map((place) => theirs!.typists(place))
    for (const store of shown) onTestFinished(store.subscribe(() => {}))
    const activities = () => shown.map((store) => store.getState().typists.map(({ activity }) => activity))
    const main = mine!.typing({ user: 'bob' }).startActivity('recording')
    await expect.poll(activities, PATIENCE).toEqual([['recording'], []])
    const inThread = mine!.typing({ user: 'bob', thread: 'a' }).startActivity('photo')
    await expect.poll(activities, PATIENCE).toEqual([['recording'], ['photo']])
    main()
    await expect.poll(activities, PATIENCE).toEqual([[], ['photo']])
    inThread()
    await expect.poll(activities, PATIENCE).toEqual([[], []])
  })
})

describe('connection', () => {
  test('not online once the SDK reconnects, though it says it is ready; online when it has', async () => {
    const { chat, disconnect, reconnect, transport } = await joined(ann)
    const seen: string[] = []
    onTestFinished(transport.connection.subscribe((now) => seen.push(now)))
    expect(state(transport)).toBe('online')
    disconnect()
    await expect.poll(() => state(transport), PATIENCE).not.toBe('online')
    expect(chat.isReady()).toBe(true)
    const before = service.messages.length
    expect(await transport.send({ conversation: team, command: 'note', data: 1 })).toMatchObject({ code: 'offline' })
    reconnect()
    await becomes(transport, 'online')
    expect(service.messages).toHaveLength(before)
    expect(seen).not.toEqual([])
  })

  test('not online while the SDK says connecting, which it does once it has been up for a second, though it is still ready', async () => {
    const { chat, breakConnection, transport } = await joined(ann)
    const seen: string[] = []
    onTestFinished(transport.connection.subscribe((now) => seen.push(now)))
    const ready: boolean[] = []
    chat.on('netStateChange', () => ready.push(chat.isReady()))
    await new Promise((resolve) => setTimeout(resolve, 1100))
    breakConnection()
    await expect.poll(() => seen, PATIENCE).toEqual(['connecting', 'online'])
    expect(ready).toEqual([true, true])
  })

  test('kicked out: offline, and online again after another login', async () => {
    const { chat, kickOut, login, transport } = await joined(ann)
    const seen: string[] = []
    onTestFinished(transport.connection.subscribe((now) => seen.push(now)))
    kickOut()
    await becomes(transport, 'offline')
    expect(await transport.send({ conversation: team, command: 'note', data: 1 })).toMatchObject({ code: 'offline' })
    await expect.poll(() => chat.isReady(), PATIENCE).toBe(false)
    await login()
    expect(seen).toEqual(['offline', 'online'])
    expect(await transport.send({ conversation: team, command: 'note', data: 1 })).toEqual({ ok: true })
  })

  test('logged out or destroyed: offline, and nothing throws', async () => {
    const { chat, transport } = await joined(ann)
    const end = transport.connection.subscribe(() => {})
    await chat.logout()
    expect(state(transport)).toBe('offline')
    closed = true
    await service.close()
    expect(await transport.send({ conversation: team, command: 'note', data: 1 })).toMatchObject({ code: 'offline' })
    end()
    expect(state(transport)).toBe('offline')
  })
})
