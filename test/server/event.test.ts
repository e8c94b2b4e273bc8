import { expect, test } from 'vitest'
import { createEvent } from '../../src/server/event.ts'

test('every subscriber gets each payload, in the order in which they subscribed', () => {
  const event = createEvent<number>()
  const got: string[] = []
  event.emit(0)
  event.on((payload) => got.push(`first ${payload}`))
  event.on((payload) => got.push(`second ${payload}`))
  event.emit(1)
  expect(got).toEqual(['first 1', 'second 1'])
})
