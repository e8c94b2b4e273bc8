import { expect, test } from 'vitest'
import type { FrameMaker } from '../../src/server/connections/frame.ts'
import { listTooLong, refusedFrame, subscribingForbidden } from '../../src/server/refusals.ts'

const makeFrame: FrameMaker = (at, args, replaces) => ({ at, args, replaces, encoded: () => [] })

test('a refused subscription replaces an earlier refusal of the same conversation, and of no other one', () => {
  const keyOf = (conversation: { group: string }) =>
    refusedFrame(makeFrame, conversation, subscribingForbidden).replaces
  expect(keyOf({ group: 'team' })).toBe(keyOf({ group: 'team' }))
  expect(keyOf({ group: 'team' })).not.toBe(keyOf({ group: 'board' }))
})

test('a list that is too long is refused with its length and the limit', () => {
  expect(listTooLong(10_001)).toEqual({
    ok: false,
    code: 'invalid',
    message: 'The list has 10001 conversations. Give at most 10000 in one list.',
  })
})
