import { expect, test } from 'vitest'
import type { Frame } from '../../src/server/connections/frame.ts'
import { createLocalDelivery } from '../../src/server/delivery.ts'
import { createDevice } from '../../src/server/devices/device.ts'
import { readOptions } from '../../src/server/options.ts'
import { createRooms } from '../../src/server/rooms.ts'
import { createCounters } from '../../src/server/stats.ts'

const group = { group: 'team' }

test('G2: a device that has subscribed since a message was sent does not get it', () => {
  const counters = createCounters()
  const deliver = createLocalDelivery({
    settings: readOptions({ identify: () => null, authorize: 'anyone' }),
    makeFrame: (at, args): Frame => ({ at, args, replaces: undefined, encoded: () => [] }),
    counters,
  })
  const room = createRooms().openInbox('bob', group)
  const reached: number[] = []
  for (const since of [999, 1000, 1001])
    room.devices.set(
      createDevice({ id: 'bob' }, () => reached.push(since)),
      since,
    )
  const message = { at: 1000, command: 'note', data: '1', conversation: group }
  expect(deliver({ room, user: { id: 'ann' }, message, subscribedBefore: 1000 })).toBe(2)
  expect([reached, counters.messagesOut]).toEqual([[999, 1000], 2])
})
