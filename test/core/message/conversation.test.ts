import { afterEach, describe, expect, test, vi } from 'vitest'
import { conversationKey, parseConversation } from '../../../src/core/message/conversation.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('parseConversation', () => {
  test.each([
    { user: 'ann' },
    { group: 'team' },
    { user: 'ann', thread: 't' },
    { group: 'team', thread: 't' },
    { user: '3' },
    { user: 'x'.repeat(256) },
    { group: '\ud800' },
  ])('accepts %j', (value) => {
    expect(parseConversation(value)).toEqual(value)
  })

  test('copies the known fields only, into a new object', () => {
    const value = { group: 'team', thread: undefined, user: undefined, admin: true }
    const parsed = parseConversation(value)
    expect(parsed).toStrictEqual({ group: 'team' })
    expect(parsed).not.toBe(value)
  })

  test.each([
    undefined,
    null,
    '',
    'ann',
    1,
    [],
    {},
    { user: '' },
    { group: '' },
    { user: 'ann', group: 'team' },
    { user: null, group: 'team' },
    { user: 'ann', group: null },
    { user: 1 },
    { user: ['ann'] },
    { user: { toString: 1 } },
    { user: 'ann', thread: '' },
    { user: 'ann', thread: null },
    { user: 'ann', thread: 1 },
    { thread: 't' },
    { user: 'x'.repeat(257) },
    { group: 'team', thread: 'x'.repeat(257) },
  ])('refuses %j', (value) => {
    expect(parseConversation(value)).toBeUndefined()
  })
})

describe('conversationKey', () => {
  test('is the same for the same conversation', () => {
    expect(conversationKey({ user: 'ann', thread: undefined })).toBe(conversationKey({ user: 'ann' }))
  })

  test('differs for all other conversations, whatever is in their ids', () => {
    const different = [
      { user: 'a' },
      { group: 'a' },
      { user: 'a', thread: 'b' },
      { group: 'a', thread: 'b' },
      { user: 'a,b' },
      { user: 'a","b' },
      { user: 'null' },
      { user: 'a', thread: 'null' },
      { user: '\ud800' },
      { user: '\ufffd' },
      { user: '\\ud800' },
    ] as const
    expect(new Set(different.map(conversationKey)).size).toBe(different.length)
  })
})

test.each([[null], [{}], [{ user: '' }], [{ user: 'a', group: 'b' }], [{ group: 'x'.repeat(257) }]])(
  '%j has no key: in development the error says what to give',
  (wrong) => {
    expect(() => conversationKey(wrong as never)).toThrow(
      'The conversation is invalid. Give either { user } or { group }, and optionally a thread, each a string of 1 to 256 characters. Give String(id) of a number or an ObjectId, and null to a hook while no conversation is chosen. (react-online-message: invalid-conversation)',
    )
  },
)

test('in production an invalid conversation has a key: the server refuses it', () => {
  vi.stubEnv('NODE_ENV', 'production')
  expect(() => conversationKey({ user: '' })).not.toThrow()
})
