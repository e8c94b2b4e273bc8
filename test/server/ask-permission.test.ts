import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createDevice } from '../../src/server/devices/device.ts'
import type { AuthorizationRequest } from '../../src/server/options.ts'
import { askPermission } from '../../src/server/permission.ts'

const user = { id: 'ann' }
const request: AuthorizationRequest = { user, action: 'send', conversation: { group: 'team' } }
const device = () => createDevice(user, () => {})

const complaints = vi.spyOn(console, 'error')
beforeEach(() => {
  complaints.mockReset().mockReturnValue(undefined)
})
afterEach(() => {
  complaints.mockReset()
})

test('the app is asked about this request, and answers at once', () => {
  const authorize = vi.fn(() => true)
  expect(askPermission(authorize, device(), request)).toBe(true)
  expect(authorize).toHaveBeenCalledExactlyOnceWith(request)
})

test.each([false, undefined, null, 1, 'true', {}])('only true grants it: %j does not', async (answer) => {
  expect(askPermission(() => answer as boolean, device(), request)).toBe(false)
  expect(await askPermission(() => Promise.resolve(answer as boolean), device(), request)).toBe(false)
  expect(complaints).not.toHaveBeenCalled()
})

test('an answer may come later', async () => {
  expect(await askPermission(() => Promise.resolve(true), device(), request)).toBe(true)
})

test('to throw or to reject denies it, and says so', async () => {
  const error = new Error('The database is away.')
  const authorize = () => {
    throw error
  }
  expect(askPermission(authorize, device(), request)).toBe(false)
  expect(await askPermission(() => Promise.reject(error), device(), request)).toBe(false)
  expect(complaints).toHaveBeenCalledTimes(2)
  for (const call of complaints.mock.calls) expect(call).toContain(error)
})

test('an answer that was asked for before a revocation is asked for again', async () => {
  const asked = device()
  const answers: ((yes: boolean) => void)[] = []
  const authorize = vi.fn(() => new Promise<boolean>((resolve) => answers.push(resolve)))
  const permission = askPermission(authorize, asked, request)
  asked.revocations++
  answers[0]!(true)
  await vi.waitFor(() => expect(authorize).toHaveBeenCalledTimes(2))
  expect(authorize).toHaveBeenLastCalledWith(request)
  answers[1]!(false)
  expect(await permission).toBe(false)
})
