import { describe, expect, test } from 'vitest'
import { conversationKey, parseConversation } from '../../../src/core/message/conversation.ts'

describe('readConversation', () => {
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

  test('takes the known fields only, into a new object', () => {
    const value = { group: 'team', thread: undefined, user: undefined, admin: true }
    const read = parseConversation(value)
    expect(read).toStrictEqual({ group: 'team' })
    expect(read).not.toBe(value)
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

  test('differs for all others, whatever is in their ids', () => {
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
  'what is no conversation has no key: %j is told in development, with what to give',
  (wrong) => {
    expect(() => conversationKey(wrong as never)).toThrow(
      'The conversation is invalid. Give either { user } or { group }, and optionally a thread, each an id of 1 to 256 characters.',
    )
  },
)
