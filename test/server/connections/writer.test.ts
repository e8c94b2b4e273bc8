import type { Socket } from 'socket.io'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { serverNow } from '../../../src/server/clock.ts'
import { createConnectionWriter, isClogged } from '../../../src/server/connections/writer.ts'
import { createFrameMaker } from '../../../src/server/connections/frame.ts'

afterEach(() => {
  vi.useRealTimers()
})

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

describe('a connection that does not read', () => {
  const [team, update] = [{ group: 'team' }, 'update of the team']
  const KIB = 1024

  /** A buffer with messages of 1 KiB and typing updates, and what is reported as not read in time. */
  function createBuffer(maxAge = 2000) {
    vi.useFakeTimers({ toFake: ['performance'] })
    const makeFrame = createFrameMaker({ encode: ({ data }) => [String(data[1]).padEnd(KIB - 10)] }, '/')
    const writeBuffer: { readonly data: string; readonly options: object }[] = []
    const dropped: unknown[] = []
    const conn = {
      readyState: 'open',
      writeBuffer,
      transport: { name: 'websocket', writable: false },
      write: (data: string, options: object) => void writeBuffer.push({ data, options }),
    }
    const socket = { conn } as unknown as Socket
    const write = createConnectionWriter(maxAge, (_, conversation) => dropped.push(conversation))
    let number = 0
    return {
      dropped,
      /** The numbers of what waits, in order. */
      waiting: () => writeBuffer.map(({ data }) => Number(data)),
      /** Writes what was sent so many milliseconds ago, and returns its number. */
      write(age = 0, replaces?: string) {
        number++
        write(socket, makeFrame(serverNow() - age, ['om:message', number, team], replaces))
        return number
      },
      pass: (milliseconds: number) => vi.advanceTimersByTime(milliseconds),
    }
  }
  const oneTo = (last: number) => Array.from({ length: last }, (_, n) => n + 1)

  test('T6: keeps all of a burst, however large, and 192 KiB of what has waited longer, the newest', () => {
    const { write, waiting, dropped, pass } = createBuffer()
    for (let n = 0; n < 300; n++) write()
    expect([waiting(), dropped]).toEqual([oneTo(300), []])
    pass(201)
    const last = write()
    expect(waiting()).toEqual([...oneTo(300).slice(-192), last])
    expect(dropped).toHaveLength(108)
  })

  test('G1: keeps less than 192 KiB until it has expired', () => {
    const { write, waiting, dropped, pass } = createBuffer()
    for (let n = 0; n < 50; n++) write()
    pass(1999)
    write()
    expect([waiting(), dropped]).toEqual([oneTo(51), []])
    pass(2)
    write()
    expect([waiting(), dropped.length]).toEqual([[51, 52], 50])
  })

  test('a typing update that a newer one replaces is not reported as not read in time', () => {
    const { write, waiting, dropped, pass } = createBuffer()
    write()
    const other = write(0, 'update of another conversation')
    write(0, update)
    pass(3000)
    const newest = write(0, update)
    expect(waiting()).toEqual([other, newest])
    // The message has expired, and nothing else counts.
    expect(dropped).toEqual([team])
  })

  test('a sender whose stamps are old pushes out no message of others: what has expired takes no room', () => {
    const { write, waiting, dropped, pass } = createBuffer()
    for (let n = 0; n < 150; n++) write()
    pass(300)
    for (let n = 0; n < 60; n++) write(1970)
    pass(31)
    // More than 64 KiB since the buffer was last searched.
    for (let n = 0; n < 8; n++) write()
    expect(waiting()).toEqual([...oneTo(150), ...oneTo(218).slice(-8)])
    expect(dropped).toHaveLength(60)
  })

  test('a sender on a slow network loses none of a burst: what counts is how long it has waited here', () => {
    const { write, waiting, dropped } = createBuffer()
    for (let n = 0; n < 300; n++) write(500)
    expect([waiting(), dropped]).toEqual([oneTo(300), []])
  })
})

test.each([
  [undefined, false],
  [0, false],
  [2000, false],
  [2001, true],
])('a client does not read when more than 2000 packets wait for it: with %s it is %s', (waiting, clogged) => {
  const writeBuffer = waiting === undefined ? undefined : Array.from({ length: waiting }, () => ({}))
  expect(isClogged({ conn: { writeBuffer } } as unknown as Socket)).toBe(clogged)
})
