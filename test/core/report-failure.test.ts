import { afterEach, expect, test, vi } from 'vitest'
import { createOnlineMessageClient, type OnlineMessageError } from '../../src/core/index.ts'
import { reportFailure } from '../../src/core/report-failure.ts'
import { createFakeTransport } from '../support/fake-transport.ts'

const team = { group: 'team' }
const invalid = { ok: false, code: 'invalid', message: 'It does not fit its schema.' } as const
const offline = { ok: false, code: 'offline', message: 'Not connected.' } as const

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

test("reports a failure that nobody awaits to the client's onError, except being offline", () => {
  const errors: OnlineMessageError[] = []
  const transport = createFakeTransport()
  const client = createOnlineMessageClient({ transport, onError: (error) => errors.push(error) })
  reportFailure(client, { conversation: team, command: 'wave', failure: offline })
  reportFailure(client, { conversation: team, command: 'wave', failure: invalid })
  expect(errors).toHaveLength(1)
  expect(errors[0]).toBeInstanceOf(Error)
  expect(errors[0]).toMatchObject({
    code: 'invalid',
    message: 'It does not fit its schema.',
    conversation: team,
    command: 'wave',
  })
})

test('a client that an app wrote itself has no onError: development warns, production is silent', () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  const client = {}
  reportFailure(client, { conversation: team, command: 'wave', failure: offline })
  expect(warn).not.toHaveBeenCalled()
  reportFailure(client, { conversation: team, command: 'wave', failure: invalid })
  expect(warn).toHaveBeenCalledExactlyOnceWith(
    expect.stringMatching(/ \(react-online-message: invalid\)$/),
    expect.objectContaining({ code: 'invalid' }),
  )
  vi.stubEnv('NODE_ENV', 'production')
  reportFailure(client, { conversation: team, command: 'wave', failure: invalid })
  expect(warn).toHaveBeenCalledTimes(1)
})
