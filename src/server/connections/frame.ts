import { EVENT_PACKET } from '../../core/transport/wire.ts'

/** One event on its way to many: encoded once, when the first connection needs it. */
export interface Frame {
  /** The event's name and arguments. */
  readonly args: readonly [event: string, ...unknown[]]
  /** When it was sent, by the server's clock. */
  readonly at: number
  /** A later frame with the same word replaces it while it still waits to be written. */
  readonly replaces: string | undefined
  /** As Socket.IO's parser encodes it: packets of Engine.IO, the same ones for every connection. */
  encoded(): readonly Packet[]
}

/** What a packet of ours is known by while it waits in a connection's buffer: not the frame, which holds its data again. */
export interface WaitingFrame extends Pick<Frame, 'at' | 'replaces'> {
  readonly bytes: number
}

/** A packet of Engine.IO. */
export interface Packet {
  readonly type: 'message'
  readonly data: unknown
  readonly options: FrameOptions
}

/** Its options, with what Engine.IO may know to write it faster. */
export interface FrameOptions {
  readonly compress: boolean
  readonly wsPreEncodedFrame?: readonly Buffer[]
  readonly onlineMessage: WaitingFrame
}

/** What is used of the parser the server was given. */
export interface Encoder {
  encode(packet: { type: number; nsp: string; data: unknown[] }): unknown[]
}

/** Makes frames for one namespace. */
export type FrameMaker = (at: number, args: Frame['args'], replaces?: string) => Frame

export function createFrameMaker(encoder: Encoder, nsp: string): FrameMaker {
  return (at, args, replaces) => {
    let encoded: ReturnType<Frame['encoded']> | undefined
    const frame: Frame = { args, at, replaces, encoded: () => (encoded ??= encode(frame)) }
    return frame
  }

  function encode({ args, at, replaces }: Frame): ReturnType<Frame['encoded']> {
    const encoded = encoder.encode({ type: EVENT_PACKET, nsp, data: [...args] })
    const [text] = encoded
    const pre = encoded.length === 1 && typeof text === 'string' ? textFrame(`4${text}`) : undefined
    const onlineMessage = { at, replaces, bytes: pre?.length ?? String(text).length }
    const options = { compress: true, onlineMessage, ...(pre && { wsPreEncodedFrame: [pre] }) }
    return encoded.map((data) => ({ type: 'message', data, options }))
  }
}

/**
 * A whole unmasked WebSocket text frame (RFC 6455, 5.2) in one buffer, which Engine.IO writes as it stands where the
 * transport is a WebSocket without compression.
 */
function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(head + length)
  frame[0] = 0x81
  if (head === 2) frame[1] = length
  else if (head === 4) {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  frame.write(text, head)
  return frame
}
