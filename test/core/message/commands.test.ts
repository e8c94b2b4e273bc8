import { expect, test } from 'vitest'
import { isCommand } from '../../../src/core/message/commands.ts'

test.each(['a', 'x'.repeat(128), 'textInput', ' ', '👋'.repeat(64)])(
  'a string of 1 to 128 characters is a command: %j',
  (value) => {
    expect(isCommand(value)).toBe(true)
  },
)

test.each([undefined, null, '', 'x'.repeat(129), '👋'.repeat(65), 1, true, ['a'], { toString: () => 'a' }])(
  'anything else is not: %j',
  (value) => {
    expect(isCommand(value)).toBe(false)
  },
)
