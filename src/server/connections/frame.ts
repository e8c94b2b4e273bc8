import type { Conversation } from '../../core/message/conversation.ts'
import { EVENT_PACKET, IDENTITY } from '../../core/transport/wire.ts'
import { serverNow } from '../clock.ts'

/** One event for many devices. It is encoded once, when the first connection needs it. */
export interface Frame {
  /** The event's name and arguments: PROTOCOL.md, "Server to client". */
  readonly args: readonly [event: string, sentAt: number, conversation?: Conversation, ...unknown[]]
  /** When it was sent, by the server's clock. */
  readonly at: number
  /** A later frame with the same key replaces this one while it still waits to be written. */
  readonly replaces: string | undefined
  /** Encoded by Socket.IO's parser: packets of Engine.IO, the same objects for every connection. */
  encoded(): readonly EnginePacket[]
}

/** What is remembered of a frame while it waits in a connection's buffer: not the frame, which holds its data again. */
export interface WaitingFrame {
  /** When it was sent, by the server's clock. A client may have given any time that has not expired. */
  readonly at: number
  /** When it was encoded, which is when it was first written. */
  readonly encodedAt: number
  readonly replaces: string | undefined
  readonly conversation: Conversation | undefined
  readonly bytes: number
}

/** A packet of Engine.IO. */
export interface EnginePacket {
  readonly type: 'message'
  readonly data: unknown
  readonly options: EnginePacketOptions
}

/** Options of such a packet. Engine.IO ignores `onlineMessage`. */
export interface EnginePacketOptions {
  readonly compress: boolean
  /** Lets Engine.IO write the packet without encoding it. */
  readonly wsPreEncodedFrame?: readonly Buffer[]
  readonly onlineMessage: WaitingFrame
}

/** The part of Socket.IO's parser that is used. */
export interface Encoder {
  encode(packet: { type: number; nsp: string; data: unknown[] }): unknown[]
}

/** Makes frames for one namespace. */
export type FrameMaker = (at: number, args: Frame['args'], replaces?: string) => Frame

export function createFrameMaker(encoder: Encoder, namespace: string): FrameMaker {
  return (at, args, replaces) => {
    let packets: readonly EnginePacket[] | undefined
    const frame: Frame = {
      args,
      at,
      replaces,
      encoded() {
        packets ??= encode(frame)
        return packets
      },
    }
    return frame
  }

  function encode({ args, at, replaces }: Frame): readonly EnginePacket[] {
    const [, , conversation] = args
    const encoded = encoder.encode({ type: EVENT_PACKET, nsp: namespace, data: [...args] })
    const [text] = encoded
    const isText = encoded.length === 1 && typeof text === 'string'
    const webSocketFrame = isText ? encodeTextFrame(`4${text}`) : undefined
    const bytes = webSocketFrame?.length ?? String(text).length
    const options: EnginePacketOptions = {
      compress: true,
      onlineMessage: { at, encodedAt: serverNow(), replaces, conversation, bytes },
      ...(webSocketFrame && { wsPreEncodedFrame: [webSocketFrame] }),
    }
    return encoded.map((data) => ({ type: 'message', data, options }))
  }
}

/** The event that says that a connection has another user now. However long it waits to be written, it stays true. */
export function identityFrame(makeFrame: FrameMaker): Frame {
  const at = serverNow()
  return makeFrame(at, [IDENTITY, Math.round(at)], IDENTITY)
}

/** First byte of a text frame that is not continued: FIN and opcode 1. */
const FINAL_TEXT = 0x81

/**
 * A whole unmasked WebSocket text frame (RFC 6455, 5.2) in one buffer. Engine.IO writes it as it is where the transport
 * is a WebSocket without compression. The sender of `ws` would make two buffers of it, header and payload.
 */
function encodeTextFrame(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const headerLength = headerLengthFor(length)
  const frame = Buffer.allocUnsafe(headerLength + length)
  frame[0] = FINAL_TEXT
  if (headerLength === 2) {
    frame[1] = length
  } else if (headerLength === 4) {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  frame.write(text, headerLength)
  return frame
}

function headerLengthFor(payloadLength: number): number {
  if (payloadLength < 126) return 2
  return payloadLength < 65_536 ? 4 : 10
}
