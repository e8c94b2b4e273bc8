import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createDevice } from '../../src/server/devices/device.ts'
import { createUserDevices } from '../../src/server/devices/user-devices.ts'
import type { Device } from '../../src/server/model.ts'
import { startReauthorization } from '../../src/server/reauthorization.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function createDevices(count: number) {
  const devices = createUserDevices()
  const all = Array.from({ length: count }, (_, n) => createDevice({ id: `user ${n}` }, () => {}))
  for (const device of all) devices.add(device)
  return { devices, all }
}

test('every device is asked about once per interval, evenly', () => {
  const { devices, all } = createDevices(20)
  const asked: Device[] = []
  const stop = startReauthorization(10_000, devices, (device) => asked.push(device))
  for (let second = 1; second <= 10; second++) {
    vi.advanceTimersByTime(1000)
    expect(asked).toHaveLength(2 * second)
  }
  expect(asked).toEqual(all)
  vi.advanceTimersByTime(10_000)
  expect(asked).toEqual([...all, ...all])
  stop()
})

test('one device among few: once per interval, however long that is', () => {
  const { devices } = createDevices(1)
  const asked: Device[] = []
  const stop = startReauthorization(60_000, devices, (device) => asked.push(device))
  vi.advanceTimersByTime(58_000)
  expect(asked).toHaveLength(0)
  vi.advanceTimersByTime(3000)
  expect(asked).toHaveLength(1)
  stop()
})

test('devices that come and go meanwhile are asked about, and not asked about', () => {
  const { devices, all } = createDevices(2)
  const asked: string[] = []
  const stop = startReauthorization(2000, devices, ({ user }) => asked.push(user.id))
  vi.advanceTimersByTime(1000)
  devices.remove(all[1]!)
  devices.add(createDevice({ id: 'new' }, () => {}))
  vi.advanceTimersByTime(1000)
  expect(asked).toEqual(['user 0', 'new'])
  stop()
})

test('without devices nothing is asked, and nothing is owed when one comes', () => {
  const { devices } = createDevices(0)
  const asked: Device[] = []
  const stop = startReauthorization(10_000, devices, (device) => asked.push(device))
  vi.advanceTimersByTime(60_000)
  devices.add(createDevice({ id: 'ann' }, () => {}))
  vi.advanceTimersByTime(9000)
  expect(asked).toHaveLength(0)
  stop()
  vi.advanceTimersByTime(60_000)
  expect(asked).toHaveLength(0)
})

test('when a question ends the devices that are still due, nobody else is asked, and nothing is owed to who comes then', () => {
  const { devices, all } = createDevices(3)
  const asked: Device[] = []
  const stop = startReauthorization(1000, devices, (device) => {
    asked.push(device)
    // As an app does that disconnects everybody within authorize.
    if (asked.length === 1) for (const each of all) devices.remove(each)
  })
  vi.advanceTimersByTime(1000)
  expect(asked).toEqual([all[0]])
  const late = createDevice({ id: 'late' }, () => {})
  devices.add(late)
  vi.advanceTimersByTime(1000)
  expect(asked).toEqual([all[0], late])
  stop()
})
