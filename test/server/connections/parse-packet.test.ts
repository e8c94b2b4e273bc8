import { describe, expect, test } from 'vitest'
import {
  parseConversations,
  parseLeasePacket,
  parseMessagePacket,
} from '../../../src/server/connections/parse-packet.ts'

const team = { group: 'team' }
const NOW = 1000
const MANY = 100

const wrong = (text: string) => ({
  ok: false,
  code: 'invalid',
  message: expect.stringMatching(new RegExp(`^The ${text} .+\\. .+`)) as string,
})

describe('parseMessagePacket', () => {
  const parse = (...args: unknown[]) => parseMessagePacket(args, MANY, NOW)

  test('takes the known arguments', () => {
    expect(parse(900, 'wave', '{"x":1}', team, 'high', 'more')).toStrictEqual({
      at: 900,
      command: 'wave',
      data: '{"x":1}',
      conversation: team,
      priority: 'high',
    })
  })

  test.each([
    ['high', 'high'],
    ['low', 'low'],
    ['normal', 'normal'],
    [undefined, 'normal'],
    ['highest', 'normal'],
    [1, 'normal'],
  ])('the priority %j counts as %s', (given, priority) => {
    expect(parse(900, 'wave', '', team, given)).toMatchObject({ priority })
  })

  test('G1: a message from the future would outlive maxAge, so it counts as sent now', () => {
    expect(parse(NOW + 1, 'wave', '', team)).toMatchObject({ at: NOW })
    expect(parse(NOW, 'wave', '', team)).toMatchObject({ at: NOW })
    expect(parse(-5, 'wave', '', team)).toMatchObject({ at: -5 })
  })

  test.each([undefined, null, '900', NaN, Infinity, -Infinity])('the time %s is refused', (time) => {
    expect(parse(time, 'wave', '', team)).toEqual(wrong('time'))
  })

  test.each([undefined, '', 7, 'x'.repeat(129)])('the command %j is refused', (command) => {
    expect(parse(900, command, '', team)).toEqual(wrong('command'))
  })

  test('the command of typing is refused', () => {
    expect(parse(900, 'textInput', '', team)).toEqual(wrong('command textInput'))
  })

  test.each([undefined, null, { x: 1 }, 7])('the data %j is refused', (data) => {
    expect(parse(900, 'wave', data, team)).toEqual(wrong('data'))
  })

  test('data is measured in bytes of UTF-8', () => {
    expect(parse(900, 'wave', 'x'.repeat(MANY), team)).toMatchObject({ command: 'wave' })
    expect(parse(900, 'wave', 'x'.repeat(MANY + 1), team)).toMatchObject({ code: 'too-large' })
    expect(parse(900, 'wave', 'é'.repeat(MANY / 2), team)).toMatchObject({ command: 'wave' })
    expect(parse(900, 'wave', 'é'.repeat(MANY / 2 + 1), team)).toMatchObject({ code: 'too-large' })
  })

  test.each([undefined, null, 'team', {}, { user: '' }])('the conversation %j is refused', (conversation) => {
    expect(parse(900, 'wave', '', conversation)).toEqual(wrong('conversation'))
  })
})

describe('parseLeasePacket', () => {
  const parse = (...args: unknown[]) => parseLeasePacket(args, NOW)

  test('takes the known arguments', () => {
    expect(parse(900, 7000, 'photo', team, 'more')).toStrictEqual({
      at: 900,
      ttl: 7000,
      activity: 'photo',
      conversation: team,
    })
  })

  test('an unknown activity counts as typing', () => {
    expect(parse(900, 7000, 'dancing', team)).toMatchObject({ activity: 'typing' })
  })

  test('G1: a lease from the future counts as sent now', () => {
    expect(parse(NOW + 1, 7000, 'typing', team)).toMatchObject({ at: NOW })
  })

  test.each([undefined, '900', NaN, Infinity])('the time %s is refused', (time) => {
    expect(parse(time, 7000, 'typing', team)).toEqual(wrong('time'))
  })

  test.each([undefined, null, '7000', NaN, -1])('the ttl %s is refused', (ttl) => {
    expect(parse(900, ttl, 'typing', team)).toEqual(wrong('ttl'))
  })

  test('S4: a ttl of 0 releases the lease', () => {
    expect(parse(900, 0, 'typing', team)).toMatchObject({ ttl: 0 })
  })

  test.each([undefined, {}, { user: '' }])('the conversation %j is refused', (conversation) => {
    expect(parse(900, 7000, 'typing', conversation)).toEqual(wrong('conversation'))
  })
})

describe('parseConversations', () => {
  test('takes the conversations and counts what is none', () => {
    const list = [team, null, { user: 'ann', more: 1 }, 'team']
    expect(parseConversations(list)).toStrictEqual({ conversations: [team, { user: 'ann' }], invalidCount: 2 })
    expect(parseConversations([])).toStrictEqual({ conversations: [], invalidCount: 0 })
  })

  test.each([undefined, null, 'team', team, { length: 1 }])('%j, which is no list, counts as one', (list) => {
    expect(parseConversations(list)).toStrictEqual({ conversations: [], invalidCount: 1 })
  })
})
