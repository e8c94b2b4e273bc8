import type { Socket } from 'socket.io'
import { expect, test } from 'vitest'
import { serverNow } from '../../../src/server/clock.ts'
import { createConnectionWriter } from '../../../src/server/connections/writer.ts'
import { createFrameMaker } from '../../../src/server/connections/frame.ts'

const frame = createFrameMaker({ encode: () => ['2["om:message"]'] }, '/')(0, ['om:message', 0, { group: 'team' }])

/**
 * How a packet goes out. Engine.IO is in most of these states for an instant only, so it is a stand-in here: real ones
 * are in the transport contract, beside the app's own emits, and in the fault table.
 */
function wayOut(
  state: { buffer?: unknown[] | undefined; writable?: boolean; name?: string; readyState?: string } = {},
) {
  const { buffer = [], writable = true, name = 'websocket', readyState = 'open' } = state
  const ways: string[] = []
  const conn = {
    readyState,
    ...('buffer' in state && !state.buffer ? {} : { writeBuffer: buffer }),
    transport: { name, writable, send: (packets: unknown) => ways.push(packets === frame.encoded() ? 'at once' : '?') },
    write: (data: unknown) => ways.push(`behind ${buffer.length}: ${String(data)}`),
  }
  createConnectionWriter(2000, () => {})({ conn } as unknown as Socket, frame)
  return ways
}

const BUFFERED = 'behind 0: 2["om:message"]'

test('with nothing before it a packet goes to the WebSocket at once, the same object for all connections', () => {
  expect(wayOut()).toEqual(['at once'])
})

test('T6: what is behind the app’s own packets stays behind them', () => {
  expect(wayOut({ buffer: [{}, {}] })).toEqual(['behind 2: 2["om:message"]'])
  expect(wayOut({ buffer: [{}, {}], writable: false })).toEqual(['behind 2: 2["om:message"]'])
})

test('while a packet is being written the next one waits in the buffer, so that a slow reader is noticed', () => {
  expect(wayOut({ writable: false })).toEqual([BUFFERED])
})

test.each(['opening', 'closing', 'closed'])(
  'G1: on a connection that is %s it waits in Engine.IO’s buffer, which is thrown away',
  (readyState) => {
    expect(wayOut({ readyState })).toEqual([BUFFERED])
  },
)

test.each(['polling', 'webtransport'])(
  'over %s, and where the buffer cannot be seen, it goes by way of Engine.IO',
  (name) => {
    expect(wayOut({ name })).toEqual([BUFFERED])
    expect(wayOut({ buffer: undefined })).toEqual([BUFFERED])
  },
)

test('G1: what a connection does not read in time is removed, and reported with its conversation; the rest stays', () => {
  const encoder = { encode: () => ['2["om:message"]'] }
  const makeFrame = createFrameMaker(encoder, '/')
  const [secret, group] = [{ group: 'secret' }, { group: 'team' }]
  const expired = makeFrame(serverNow() - 2500, ['om:message', 0, secret]).encoded()
  const recent = makeFrame(serverNow() - 500, ['om:message', 0, group]).encoded()
  const update = makeFrame(serverNow() - 2500, ['om:typists', 0, group], 'room').encoded()
  const ofTheApp = { options: {} }
  const writeBuffer = [ofTheApp, ...expired, ...update, ...recent]
  const transport = { name: 'websocket', writable: false }
  const socket = { conn: { readyState: 'open', writeBuffer, transport, write: () => {} } } as unknown as Socket
  const dropped: unknown[] = []
  createConnectionWriter(2000, (of, conversation) => dropped.push([of === socket, conversation]))(socket, frame)
  expect(dropped).toEqual([[true, secret]])
  expect(writeBuffer).toEqual([ofTheApp, ...update, ...recent])
})
