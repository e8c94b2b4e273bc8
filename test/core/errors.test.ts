import { expect, test } from 'vitest'
import { createError, withCode } from '../../src/core/errors.ts'

test('an error is of the built-in class, has its code, and its text ends with the code', () => {
  const error = createError(RangeError, 'invalid-option', 'maxAge is 0. Give a number from 100 to 60000.')
  expect(error).toBeInstanceOf(RangeError)
  expect(error).toHaveProperty('code', 'invalid-option')
  expect(error.message).toBe('maxAge is 0. Give a number from 100 to 60000. (react-online-message: invalid-option)')
})

test('a warning ends with its code in the same form', () => {
  expect(withCode('offline', 'Not connected.')).toBe('Not connected. (react-online-message: offline)')
})
