import { describe, expect, test } from 'vitest'
import { createNatsBus, type NatsConnection } from '../../src/nats/index.ts'

describe('bad arguments', () => {
  const connection = {
    publish() {},
    subscribe() {},
    flush() {},
    status() {},
    isClosed() {},
  } as unknown as NatsConnection
  test.each([undefined, null, {}, 'nats://a', { publish() {}, subscribe() {} }])(
    '%j is no connection',
    (value: unknown) => {
      expect(() => createNatsBus(value as NatsConnection)).toThrow(/no NATS connection\. Give await connect\(\)/)
    },
  )
  test('a promise is to be awaited', () => {
    expect(() => createNatsBus(Promise.resolve() as unknown as NatsConnection)).toThrow(
      /It is a promise: await it first/,
    )
  })
  test.each(['a b.', 'a.*.', '>', '.a', 'a..b', 7])('%j is no prefix', (prefix) => {
    expect(() => createNatsBus(connection, { prefix: prefix as string })).toThrow(
      /prefix does not begin a NATS subject/,
    )
  })
  test.each(['', 'a', 'a.', 'a.b.', 'my-app:'])('%j is a prefix', (prefix) => {
    expect(() => createNatsBus(connection, { prefix })).not.toThrow()
  })
})
