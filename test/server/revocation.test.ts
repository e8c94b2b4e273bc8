import { expect, test, vi } from 'vitest'
import type { Conversation } from '../../src/core/index.ts'
import { createDevice } from '../../src/server/devices/device.ts'
import { createUserDevices } from '../../src/server/devices/user-devices.ts'
import { readOptions } from '../../src/server/options.ts'
import { covers, createRevocations } from '../../src/server/revocation.ts'
import { addTypist, createRooms } from '../../src/server/rooms.ts'

const group = { group: 'team' }

test.each<[revoked: Conversation | undefined, other: Conversation, isCovered: boolean]>([
  [undefined, { user: 'ann' }, true],
  [group, group, true],
  [group, { group: 'team', thread: 't' }, true],
  [{ group: 'team', thread: 't' }, { group: 'team', thread: 't' }, true],
  [{ group: 'team', thread: 't' }, group, false],
  [{ group: 'team', thread: 't' }, { group: 'team', thread: 'u' }, false],
  [group, { group: 'other' }, false],
  [{ user: 'ann' }, { user: 'ann' }, true],
  [{ user: 'ann' }, { user: 'cy' }, false],
  [{ user: 'ann' }, group, false],
])('a revocation in %o ends what is in %o: %s', (revoked, other, isCovered) => {
  expect(covers(revoked, other)).toBe(isCovered)
})

/** A device that has subscribed and begun to type at a time. */
function scene(since: number) {
  const rooms = createRooms()
  const devices = createUserDevices()
  const device = createDevice({ id: 'bob' }, () => {})
  devices.add(device)
  const [room, typedIn] = [rooms.openInbox('bob', group), rooms.openOutbox('bob', { group: 'other' })]
  room.devices.set(device, since)
  device.subscriptions = room
  addTypist(typedIn, 'bob', { sessions: new Map([[device, { activity: 'typing', since, until: Infinity }]]) })
  device.typingIn = new Set([typedIn])
  const ended: string[] = []
  const { revokeLocally } = createRevocations({
    settings: readOptions({ identify: () => null, authorize: 'anyone' }),
    devices,
    subscriptions: {
      subscribe: vi.fn(),
      unsubscribe: vi.fn(),
      unsubscribeAll: vi.fn(),
      onChange: vi.fn(),
      endSubscription: () => ended.push('subscription'),
    },
    leases: {
      take: vi.fn(),
      mirror: vi.fn(),
      countMirrored: () => 0,
      releaseAll: vi.fn(),
      renamed: vi.fn(),
      onChange: vi.fn(),
      close: vi.fn(),
      release: () => ended.push('lease'),
    },
  })
  return { ended, revokeLocally }
}

test.each([
  ['before', 999, []],
  ['in the same moment as', 1000, ['lease', 'subscription']],
  ['after', 1001, ['lease', 'subscription']],
])('a revocation %s something has begun: what began later is spared', (_, before, expected) => {
  const { ended, revokeLocally } = scene(1000)
  revokeLocally({ user: 'bob' }, before)
  expect(ended).toEqual(expected)
})
