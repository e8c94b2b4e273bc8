import { Server, type Socket } from 'socket.io'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { checkRevocation, checkSocket, warnOfBots } from '../../src/server/check-arguments.ts'
import { createDevice } from '../../src/server/devices/device.ts'

const warnings = vi.spyOn(console, 'warn')
beforeEach(() => {
  warnings.mockReset().mockReturnValue(undefined)
})
afterEach(() => {
  warnings.mockReset()
})

test('checkSocket() takes a socket of the namespace, and nothing else', () => {
  const io = new Server()
  const [main, chat] = [io.of('/'), io.of('/chat')]
  const check = (target: unknown) => () => checkSocket(target as Socket, main)
  expect(check({ id: 'x', nsp: main })).not.toThrow()
  expect(check({ id: 'x', nsp: chat })).toThrow('is not a socket of the namespace / on this node')
  expect(check({ id: 'x' })).toThrow('(react-online-message: invalid-socket)')
  for (const target of [undefined, null, 5, '', {}, { id: 5 }]) {
    expect(check(target)).toThrow(TypeError)
    expect(check(target)).toThrow('reidentify() was given ')
    expect(check(target)).toThrow('(react-online-message: invalid-id)')
  }
})

test('warnOfBots() warns when one of the devices is a bot', () => {
  const connection = createDevice({ id: 'ann' }, () => {}, Object.create(null) as Socket)
  const bot = createDevice({ id: 'ann' }, () => {})
  warnOfBots([], 'ann')
  warnOfBots([connection], 'ann')
  expect(warnings).not.toHaveBeenCalled()
  warnOfBots([connection, bot], 'ann')
  expect(warnings.mock.calls).toEqual([
    [
      'reidentify() changes no bot, and "ann" is one. Create another bot with the new name. (react-online-message: bot-not-reidentified)',
    ],
  ])
})

test('checkRevocation() gives the known fields of what is right', () => {
  const group = { group: 'team' }
  expect(checkRevocation({ user: 'ann', ...{ unknown: 1 } })).toEqual({ user: 'ann' })
  expect(checkRevocation({ user: 'ann', conversation: { ...group, ...{ unknown: 1 } } })).toEqual({
    user: 'ann',
    conversation: group,
  })
})

test('checkRevocation() says what is wrong: the id, or else the conversation', () => {
  const check = (user: unknown, conversation?: unknown) => () => checkRevocation({ user, conversation } as never)
  expect(check(5)).toThrow('revoke() was given an id that is a number (5)')
  expect(check('ann', { group: 5 })).toThrow('revoke() was given an id that is a number (5)')
  expect(check('ann', { user: '' })).toThrow('revoke() was given an empty id')
  for (const conversation of [null, {}, { group: 'team', user: 'bob' }, { group: 'team', thread: 5 }]) {
    expect(check('ann', conversation)).toThrow(TypeError)
    expect(check('ann', conversation)).toThrow('(react-online-message: invalid-conversation)')
  }
})
