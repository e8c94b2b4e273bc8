import { afterEach, expect, test, vi } from 'vitest'
import { createFrameMaker, identityFrame } from '../../../src/server/connections/frame.ts'

afterEach(() => {
  vi.useRealTimers()
})

const team = { group: 'team' }

/** Socket.IO's encoder, as far as it is used, with what it was asked. */
function createEncoder(...answer: unknown[]) {
  const encode = vi.fn((_: { type: number; nsp: string; data: unknown[] }) => answer)
  return { encode }
}

test('an event is encoded once, when the first connection needs it, as an event of its namespace', () => {
  const encoder = createEncoder('2["om:message"]')
  const frame = createFrameMaker(encoder, '/chat')(5, ['om:message', 5, team, 'wave'], 'key')
  expect(frame).toMatchObject({ args: ['om:message', 5, team, 'wave'], at: 5, replaces: 'key' })
  expect(encoder.encode).not.toHaveBeenCalled()
  const packets = frame.encoded()
  expect(frame.encoded()).toBe(packets)
  expect(encoder.encode).toHaveBeenCalledExactlyOnceWith({
    type: 2,
    nsp: '/chat',
    data: ['om:message', 5, team, 'wave'],
  })
})

test('what is remembered of it while it waits is when, where and how large it is', () => {
  vi.useFakeTimers()
  const text = '2["om:message"]'
  const frame = createFrameMaker(createEncoder(text), '/')(5, ['om:message', 5, team], 'key')
  const [packet] = frame.encoded()
  expect(packet).toMatchObject({ type: 'message', data: text })
  expect(packet!.options.compress).toBe(true)
  expect(packet!.options.onlineMessage).toEqual({
    at: 5,
    encodedAt: expect.any(Number) as number,
    replaces: 'key',
    conversation: team,
    bytes: 2 + 1 + text.length,
  })
})

/** RFC 6455, 5.2: how long the payload of a frame of the server is, and where it begins. */
function readWebSocketFrame(frame: Buffer) {
  const [first, length = 0] = frame
  if (length < 126) return { first, length, payload: frame.subarray(2).toString() }
  if (length === 126) return { first, length: frame.readUInt16BE(2), payload: frame.subarray(4).toString() }
  return { first, length: Number(frame.readBigUInt64BE(2)), payload: frame.subarray(10).toString() }
}

// Around each length from which a header is longer: the payload has a 4 before the text.
test.each([0, 1, 124, 125, 126, 65_534, 65_535, 70_000])('a text of %d bytes is one whole WebSocket frame', (size) => {
  const text = 'x'.repeat(size)
  const [packet] = createFrameMaker(createEncoder(text), '/')(0, ['om:message', 0]).encoded()
  const [frame] = packet!.options.wsPreEncodedFrame!
  expect(readWebSocketFrame(frame!)).toEqual({ first: 0x81, length: size + 1, payload: `4${text}` })
  expect(packet!.options.onlineMessage.bytes).toBe(frame!.length)
})

test('the length of a text is that of its UTF-8', () => {
  const [packet] = createFrameMaker(createEncoder('é👋'), '/')(0, ['om:message', 0]).encoded()
  expect(readWebSocketFrame(packet!.options.wsPreEncodedFrame![0]!)).toEqual({
    first: 0x81,
    length: 7,
    payload: '4é👋',
  })
})

test('an event of several packets, or of bytes, is left to Engine.IO', () => {
  const makeFrame = createFrameMaker(createEncoder('text', Buffer.from('bytes')), '/')
  const packets = makeFrame(0, ['om:message', 0]).encoded()
  expect(packets.map(({ data }) => data)).toEqual(['text', Buffer.from('bytes')])
  for (const { options } of packets) expect(options).not.toHaveProperty('wsPreEncodedFrame')
  expect(packets[0]!.options.onlineMessage.bytes).toBe(4)

  const [bytes] = createFrameMaker(createEncoder(Buffer.from('bytes')), '/')(0, ['om:message', 0]).encoded()
  expect(bytes!.options).not.toHaveProperty('wsPreEncodedFrame')
})

test('I1: the event about another identity has a whole number as its stamp, and replaces the one before it', () => {
  const frame = identityFrame(createFrameMaker(createEncoder('text'), '/'))
  expect(frame.args).toEqual(['om:identity', Math.round(frame.at)])
  expect(frame.replaces).toBe('om:identity')
})
