import { expect, test, vi } from 'vitest'
import { logCluster, logConnections, logDelivery, logTyping } from '../../src/server/debug.ts'
import { startLog } from '../support/server/log.ts'

const entry = { event: 'message dropped', reason: 'offline', user: 'ann', conversation: { group: 'team' } } as const

/** Without the name of the part before it, and what `debug` adds. */
const textOf = (line: string | undefined) => /message dropped.*?(?= \+\d+ms|$)/.exec(line ?? '')?.[0]

test('a line says what happened, why, to whom and where', () => {
  const lines = startLog('*')
  logConnections(entry)
  logConnections({ ...entry, user: undefined })
  logConnections({ ...entry, conversation: undefined })
  expect(lines.map(textOf)).toEqual([
    'message dropped (offline): user "ann" in {"group":"team"}',
    'message dropped (offline): a connection without a user in {"group":"team"}',
    'message dropped (offline): user "ann"',
  ])
})

test('each part has its name, by which it is enabled', () => {
  const lines = startLog('delivery')
  for (const log of [logCluster, logConnections, logDelivery, logTyping]) log(entry)
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain('react-online-message:delivery')
})

test('while the log is disabled an entry is not even read', () => {
  const conversation = vi.fn()
  logDelivery({
    ...entry,
    get conversation() {
      conversation()
      return entry.conversation
    },
  })
  expect(conversation).not.toHaveBeenCalled()
})
