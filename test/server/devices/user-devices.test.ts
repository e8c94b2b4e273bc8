import { expect, test } from 'vitest'
import { createDevice } from '../../../src/server/devices/device.ts'
import { createUserDevices } from '../../../src/server/devices/user-devices.ts'
import { mapEntriesLeftBy } from '../../support/map-entries.ts'

const deviceOf = (id: string) => createDevice({ id }, () => {})

test('knows the devices of each user', () => {
  const devices = createUserDevices()
  const phone = deviceOf('ann')
  const laptop = deviceOf('ann')
  const other = deviceOf('bob')
  for (const device of [phone, laptop, other]) devices.add(device)

  expect(devices.count()).toBe(3)
  expect(devices.of('ann')).toEqual([phone, laptop])
  expect(devices.of('bob')).toEqual([other])
  expect(devices.of('cy')).toEqual([])
  expect([...devices.all()]).toEqual([phone, laptop, other])

  devices.remove(phone)
  expect(devices.count()).toBe(2)
  expect(devices.of('ann')).toEqual([laptop])
  devices.remove(laptop)
  expect(devices.of('ann')).toEqual([])
  expect([...devices.all()]).toEqual([other])
  expect(devices.count()).toBe(1)
})

test('a device that is added while all are visited is visited, too', () => {
  const devices = createUserDevices()
  devices.add(deviceOf('ann'))
  const visited: string[] = []
  for (const { user } of devices.all()) {
    visited.push(user.id)
    if (user.id === 'ann') devices.add(deviceOf('bob'))
  }
  expect(visited).toEqual(['ann', 'bob'])
})

test('keeps nothing of a user whose last device is gone', () => {
  const devices = createUserDevices()
  const device = deviceOf('ann')
  const entries = mapEntriesLeftBy(() => {
    devices.add(device)
    devices.remove(device)
  })
  expect(entries).toBe(0)
})
