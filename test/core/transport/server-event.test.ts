import { describe, expect, test } from 'vitest'
import type { OnlineMessage, SendFailure, TransportListener, TypingState } from '../../../src/core/index.ts'
import { deliverServerEvent, parseServerEvent } from '../../../src/core/transport/server-event.ts'
import { createSubscriptions, type Subscriptions } from '../../../src/core/transport/subscriptions.ts'

const team = { group: 'team' }
const ann = { id: 'ann', name: 'Ann' }
const failure: SendFailure = { ok: false, code: 'forbidden', message: 'You may not.' }

describe('parseServerEvent', () => {
  test('a message', () => {
    expect(parseServerEvent(['om:message', 5, team, 'wave', '{"x":1}', ann])).toStrictEqual({
      type: 'message',
      sentAt: 5,
      conversation: team,
      message: { conversation: team, command: 'wave', data: { x: 1 }, from: ann },
    })
  })

  test('a typing update', () => {
    const list = [
      { ...ann, activity: 'photo', since: 7 },
      { id: 'bob', since: 8 },
    ]
    expect(parseServerEvent(['om:typists', 5, team, 9, list])).toStrictEqual({
      type: 'typists',
      sentAt: 5,
      conversation: team,
      typists: { typists: [list[0], { id: 'bob', activity: 'typing', since: 8 }], total: 9 },
    })
  })

  test('a refused subscription', () => {
    expect(parseServerEvent(['om:refused', 5, team, failure])).toStrictEqual({
      type: 'refused',
      sentAt: 5,
      conversation: team,
      failure,
    })
  })

  test('I1: another identity, however late it arrives', () => {
    expect(parseServerEvent(['om:identity', 5])).toStrictEqual({ type: 'identity' })
    expect(parseServerEvent(['om:identity'])).toStrictEqual({ type: 'identity' })
  })

  test.each<[string, unknown[]]>([
    ['an event of the app', ['chat', 5, team, 'wave', '', ann]],
    ['an event of the app with a failure', ['chat', 5, team, failure]],
    ['nothing', []],
    ['a message without a stamp', ['om:message', undefined, team, 'wave', '', ann]],
    ['a message whose stamp is text', ['om:message', '5', team, 'wave', '', ann]],
    ['a message without a conversation', ['om:message', 5, {}, 'wave', '', ann]],
    ['a message whose command is empty', ['om:message', 5, team, '', '', ann]],
    ['a message whose command is a number', ['om:message', 5, team, 7, '', ann]],
    ['a message whose data is not text', ['om:message', 5, team, 'wave', { x: 1 }, ann]],
    ['T3: a message without a sender', ['om:message', 5, team, 'wave', '']],
    ['T3: a message whose sender has no id', ['om:message', 5, team, 'wave', '', { name: 'Ann' }]],
    ['a typing update without a total', ['om:typists', 5, team, undefined, []]],
    ['a typing update whose total is text', ['om:typists', 5, team, '1', []]],
    ['a typing update without a list', ['om:typists', 5, team, 1]],
    ['a typing update whose list is an object', ['om:typists', 5, team, 1, { length: 1 }]],
    ['a refusal without a failure', ['om:refused', 5, team]],
    ['a refusal with a success', ['om:refused', 5, team, { ok: true }]],
  ])('everything that comes over a wire is hostile until it is parsed: %s', (_, event) => {
    expect(parseServerEvent(event)).toBeUndefined()
  })

  test('a typist without a valid id is left out', () => {
    const list = [null, 'ann', { name: 'Ann' }, { ...ann, activity: 'dancing', since: 'now' }]
    expect(parseServerEvent(['om:typists', 5, team, 1, list])).toMatchObject({
      typists: { typists: [{ ...ann, activity: 'typing', since: 0 }], total: 1 },
    })
  })

  test.each([0, 1, -1, 2.5, NaN, Infinity, 2 ** 53])(
    'a total that cannot be true counts as the number of typists that are named: %d',
    (total) => {
      const list = [
        { id: 'ann', since: 1 },
        { id: 'bob', since: 2 },
      ]
      expect(parseServerEvent(['om:typists', 5, team, total, list])).toMatchObject({ typists: { total: 2 } })
    },
  )

  test('a total may be the number of the typists that are named, or more', () => {
    const list = [{ id: 'ann', since: 1 }]
    expect(parseServerEvent(['om:typists', 5, team, 1, list])).toMatchObject({ typists: { total: 1 } })
    expect(parseServerEvent(['om:typists', 5, team, 1000, list])).toMatchObject({ typists: { total: 1000 } })
    expect(parseServerEvent(['om:typists', 5, team, 0, []])).toMatchObject({ typists: { typists: [], total: 0 } })
  })
})

describe('deliverServerEvent', () => {
  interface Received {
    readonly messages: OnlineMessage[]
    readonly typists: TypingState[]
    readonly refused: SendFailure[]
  }

  function subscribedListener(): { deliver: (...event: unknown[]) => void; received: Received } {
    const received: Received = { messages: [], typists: [], refused: [] }
    const subscriptions = createSubscriptions(() => {})
    const listener: TransportListener = {
      message: (message) => received.messages.push(message),
      typists: (state) => received.typists.push(state),
      refused: (refusal) => received.refused.push(refusal),
    }
    subscriptions.add(team, listener)
    const deliver = (...event: unknown[]) => {
      const parsed = parseServerEvent(event)
      if (!parsed || parsed.type === 'identity') throw new Error('It is not about a conversation.')
      deliverServerEvent(parsed, subscriptions)
    }
    return { deliver, received }
  }

  test('each event reaches the method of its kind, and only that', () => {
    const { deliver, received } = subscribedListener()
    deliver('om:message', 5, team, 'wave', '', ann)
    expect(received).toMatchObject({ messages: [{ command: 'wave' }], typists: [], refused: [] })
    deliver('om:typists', 5, team, 3, [])
    expect(received).toMatchObject({ messages: [{}], typists: [{ typists: [], total: 3 }], refused: [] })
    deliver('om:refused', 5, team, failure)
    expect(received).toMatchObject({ messages: [{}], typists: [{}], refused: [failure] })
  })

  test('another conversation receives nothing', () => {
    const { deliver, received } = subscribedListener()
    deliver('om:message', 5, { group: 'another' }, 'wave', '', ann)
    expect(received.messages).toEqual([])
  })

  test('a listener need not have `refused`', () => {
    const listener: TransportListener = { message() {}, typists() {} }
    // The real one reports an error later, as an uncaught error.
    const subscriptions: Subscriptions = {
      conversations: new Map(),
      add: () => () => {},
      notify: (_, call) => call(listener),
    }
    const event = { type: 'refused', sentAt: 5, conversation: team, failure } as const
    expect(() => deliverServerEvent(event, subscriptions)).not.toThrow()
  })
})
