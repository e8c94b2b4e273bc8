import { expect, test } from 'vitest'
import { isFailure } from '../../../src/core/index.ts'
import { failure } from '../../../src/core/message/failure.ts'

test('a failure is one', () => {
  expect(failure('invalid', 'It is wrong. Fix it.')).toEqual({
    ok: false,
    code: 'invalid',
    message: 'It is wrong. Fix it.',
  })
  expect(isFailure(failure('invalid', 'It is wrong. Fix it.'))).toBe(true)
})

test.each([undefined, null, false, 0, '', 'text', {}, [], { ok: true }, { ok: true, recipients: 0 }, { ok: 0 }])(
  'anything else is not a failure: %j',
  (value) => {
    expect(isFailure(value)).toBe(false)
  },
)
