import { expect, test } from 'vitest'
import { parseUser } from '../../../src/core/message/user.ts'

test('a user keeps the known fields only', () => {
  const user = { id: 'ann', name: 'Ann', avatar: 'ann.png', isAdmin: true }
  expect(parseUser(user)).toStrictEqual({ id: 'ann', name: 'Ann', avatar: 'ann.png' })
})

test('a name or an avatar that is not text is left out, not written as undefined', () => {
  expect(parseUser({ id: 'ann', name: 7, avatar: ['ann.png'] })).toStrictEqual({ id: 'ann' })
  expect(parseUser({ id: 'ann', name: null })).toStrictEqual({ id: 'ann' })
  expect(parseUser({ id: 'ann', name: '', avatar: '' })).toStrictEqual({ id: 'ann', name: '', avatar: '' })
})

test.each([undefined, null, 'ann', 7, [], {}, { id: '' }, { id: 7 }, { name: 'Ann' }])(
  'without a valid id there is no user: %j',
  (value) => {
    expect(parseUser(value)).toBeUndefined()
  },
)
