import { expect, test } from 'vitest'
import { readApi } from '../../.storybook/api.ts'

const ENTRIES = [
  'index.ts',
  'react-native/index.ts',
  'server/index.ts',
  'redis/index.ts',
  'nats/index.ts',
  'testing/index.ts',
  'transports/socket-io/index.ts',
  'transports/broadcast-channel/index.ts',
  'transports/tencent-chat/index.ts',
  'transports/memory/index.ts',
]

test.each(ENTRIES)(
  'every export of %s, and every option, prop, parameter and result of it, says what it means',
  (entry) => {
    const api = readApi(entry)
    expect(api.length).toBeGreaterThan(0)
    const silent = api.flatMap(({ name, description, rows }) => [
      ...(description ? [] : [name]),
      ...rows.filter((row) => !row.description).map((row) => `${name}: ${row.name}`),
    ])
    expect(silent).toEqual([])
  },
)

test('the table of a hook has its options with their defaults, and what it returns', () => {
  const hook = readApi().find(({ name }) => name === 'useTypingIndicator')!
  const table = hook.rows.map(({ group, name, type, default: value }) => [group, name, type, value].join(' | '))
  expect(table).toEqual([
    'Parameters | conversation | Conversation | null | ',
    'Options | enabled | boolean | true',
    'Options | ignore | (text: string) => boolean | every text counts as typing',
    'Result | typists | readonly Typist[] | ',
    'Result | total | number | ',
    'Result | inputProps | TypingInputProps | ',
    'Result | keystroke | (text?: string) => void | ',
    'Result | stop | () => void | ',
    'Result | startActivity | (activity: Activity, options?: ActivityOptions) => () => void | ',
  ])
})
