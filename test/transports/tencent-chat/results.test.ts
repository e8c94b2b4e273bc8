import { expect, test } from 'vitest'
import { refusalOf } from '../../../src/transports/tencent-chat/results.ts'

test.each([
  { number: 20003, code: 'invalid' },
  { number: 20007, code: 'forbidden' },
  { number: 2996, code: 'rate-limited' },
  { number: 80002, code: 'too-large' },
  { number: 2801, code: 'timeout' },
  { number: 2800, code: 'offline' },
])('T2: $number is $code, in words of our own', ({ number, code }) => {
  const { ok, code: given, message } = refusalOf({ code: number, message: 'words of the SDK' })
  expect({ ok, code: given }).toEqual({ ok: false, code })
  expect(message).toMatch(new RegExp(`\\. \\(Tencent Chat ${number}\\)$`))
  expect(message).not.toContain('words of the SDK')
})

test.each([
  { error: { code: 7 }, message: 'Tencent Chat refused it with 7. Look it up among its error codes.' },
  { error: { code: 7, message: '' }, message: 'Tencent Chat refused it with 7. Look it up among its error codes.' },
  { error: { code: 7, message: 8 }, message: 'Tencent Chat refused it with 7. Look it up among its error codes.' },
  {
    error: { code: 7, message: 'no' },
    message: 'Tencent Chat refused it with 7: no. Look it up among its error codes.',
  },
])('T2: an unknown number is forbidden, with the words of the SDK: $error', ({ error, message }) => {
  expect(refusalOf(error)).toEqual({ ok: false, code: 'forbidden', message })
})

test.each([
  { error: undefined, message: 'The SDK does not take the message. Check its ids.' },
  { error: { code: '20007' }, message: 'The SDK does not take the message. Check its ids.' },
  { error: new Error('to is wrong'), message: 'The SDK does not take the message: to is wrong. Check its ids.' },
])('T2: what has no number is invalid: $error', ({ error, message }) => {
  expect(refusalOf(error)).toEqual({ ok: false, code: 'invalid', message })
})
