import { describe, expect, test } from 'vitest'
import { type OnlineMessageServerOptions, readOptions } from '../../src/server/options.ts'
import { dropReason } from '../../src/server/stats.ts'
import { isThenable } from '../../src/server/thenable.ts'

const identify = () => null
const authorize = () => false
const read = (options: Partial<OnlineMessageServerOptions>) => readOptions({ identify, authorize, ...options })

test('every option has a default', () => {
  expect(read({})).toEqual({
    identify,
    authorize,
    maxAge: 2000,
    maxBytes: 4096,
    perConnection: 100,
    perGroup: 200,
    batchInterval: 1000,
    batchFrom: 50,
    maxNames: 5,
    activeDeviceOnly: false,
    reauthorizeInterval: 300_000,
    countRecipients: false,
    bus: undefined,
  })
})

test('what is given is taken', () => {
  const bus = { publish: () => undefined, subscribe: () => () => {} }
  const rateLimits = { perConnection: 1, perGroup: 2 }
  const typingUpdates = { batchInterval: 50, batchFrom: 3, maxNames: 4 }
  expect(
    read({
      maxAge: 100,
      maxBytes: 5,
      rateLimits,
      typingUpdates,
      deliverTo: 'active-device',
      reauthorizeInterval: Infinity,
      countRecipients: true,
      bus,
    }),
  ).toEqual({
    identify,
    authorize,
    maxAge: 100,
    maxBytes: 5,
    ...rateLimits,
    ...typingUpdates,
    activeDeviceOnly: true,
    reauthorizeInterval: Infinity,
    countRecipients: true,
    bus,
  })
  expect(read({ deliverTo: 'every-device' }).activeDeviceOnly).toBe(false)
})

test("with 'anyone', everybody may do everything", () => {
  const settings = read({ authorize: 'anyone' })
  expect(settings.authorize({ user: { id: 'ann' }, conversation: { group: 'team' }, action: 'subscribe' })).toBe(true)
})

describe.each<[name: string, min: number, max: number, give: (value: number) => Partial<OnlineMessageServerOptions>]>([
  ['maxAge', 100, 60_000, (maxAge) => ({ maxAge })],
  ['maxBytes', 1, 1_000_000, (maxBytes) => ({ maxBytes })],
  ['rateLimits.perConnection', 1, 1_000_000, (perConnection) => ({ rateLimits: { perConnection } })],
  ['rateLimits.perGroup', 1, 1_000_000, (perGroup) => ({ rateLimits: { perGroup } })],
  ['typingUpdates.batchInterval', 50, 60_000, (batchInterval) => ({ typingUpdates: { batchInterval } })],
  ['typingUpdates.batchFrom', 1, 1_000_000, (batchFrom) => ({ typingUpdates: { batchFrom } })],
  ['typingUpdates.maxNames', 1, 100, (maxNames) => ({ typingUpdates: { maxNames } })],
  ['reauthorizeInterval', 1000, Infinity, (reauthorizeInterval) => ({ reauthorizeInterval })],
])('%s', (name, min, max, give) => {
  test(`is a number from ${min} to ${max}`, () => {
    for (const value of [min, max]) expect(() => read(give(value))).not.toThrow()
    for (const value of [min - 0.5, max + 0.5, NaN].filter((value) => value !== Infinity)) {
      expect(() => read(give(value))).toThrow(RangeError)
      expect(() => read(give(value))).toThrow(
        `${name} is ${value}. Give a number from ${min} to ${max}. (react-online-message: invalid-option)`,
      )
    }
  })
})

test.each([
  ['identify', { identify: 'ann' }, 'identify is missing', 'no-identify'],
  ['authorize', { authorize: 'everyone' }, 'authorize is missing', 'no-authorize'],
  ['deliverTo', { deliverTo: 'all' }, "deliverTo is all. Give 'every-device' or 'active-device'.", 'invalid-option'],
  ['bus without publish', { bus: { subscribe() {} } }, 'bus has no publish and subscribe', 'invalid-bus'],
  ['bus without subscribe', { bus: { publish() {} } }, 'bus has no publish and subscribe', 'invalid-bus'],
])('a wrong %s is a TypeError that says so', (_, options, text, code) => {
  const readWrong = () => read(options as Partial<OnlineMessageServerOptions>)
  expect(readWrong).toThrow(TypeError)
  expect(readWrong).toThrow(text)
  expect(readWrong).toThrow(`(react-online-message: ${code})`)
})

test('a thenable is whatever has a method `then`, a promise or not', () => {
  const callable = Object.assign(() => {}, { then() {} })
  for (const value of [Promise.resolve(), { then() {} }, callable])
    expect(isThenable<unknown>(value as PromiseLike<void>)).toBe(true)
  for (const value of [null, undefined, true, 'then', {}, { then: 5 }, () => {}])
    expect(isThenable<unknown>(value)).toBe(false)
})

test('a refusal counts under its code, and what was too old as expired', () => {
  expect((['timeout', 'aborted', 'forbidden', 'rate-limited'] as const).map(dropReason)).toEqual([
    'expired',
    'expired',
    'forbidden',
    'rate-limited',
  ])
})
