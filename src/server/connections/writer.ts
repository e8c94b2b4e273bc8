import type { Socket } from 'socket.io'
import type { Conversation } from '../../core/message/conversation.ts'
import { serverNow } from '../clock.ts'
import type { EnginePacket, EnginePacketOptions, Frame, WaitingFrame } from './frame.ts'

/** With more packets waiting, of whatever kind, a client does not read: it gets no answers any more. */
const CLOGGED = 2000

/** Most bytes of ours that wait for one connection that does not read. Each is there twice: as text and as a frame. */
const MAX_WAITING_BYTES = 192 * 1024

/**
 * What has waited for less, in milliseconds, may be more than that: many messages at once do not mean that a reader has
 * stopped (T6).
 */
const BURST = 200

/** A long buffer is searched after this many bytes or milliseconds; a short one at every write. */
const SEARCH_AFTER_BYTES = 64 * 1024
const SEARCH_INTERVAL = 200
const SHORT_BUFFER = 64

/**
 * The part of Engine.IO's connection that is used. `writeBuffer` is not in its type declarations, so a later version may
 * lack it.
 */
interface EngineConnection {
  readonly readyState: string
  readonly transport: {
    readonly name: string
    readonly writable: boolean
    send(packets: readonly EnginePacket[]): unknown
  }
  readonly writeBuffer?: WriteBuffer
  write(packet: unknown, options: EnginePacketOptions): unknown
}

/** The packets that wait, the app's own and ours. */
type WriteBuffer = { readonly options?: Partial<EnginePacketOptions> }[]

/** A message was dropped because a connection did not read it in time. */
export type OnSlowReader = (socket: Socket, conversation: Conversation | undefined) => void

/**
 * Writes frames to connections, below every part of Socket.IO that keeps a copy: no adapter, recovery store or stream
 * ever sees them (G3), and Engine.IO throws its buffer away when a connection closes (G1). The app's own packets wait in
 * the same buffer, so the order is kept (T6).
 *
 * If a connection does not read, expired messages are removed from its buffer, and so are typing updates that a newer
 * update replaces.
 */
export function createConnectionWriter(
  maxAge: number,
  onSlowReader: OnSlowReader,
): (socket: Socket, frame: Frame) => void {
  /** When a connection's buffer was last searched, for those with a buffer. */
  const searches = new WeakMap<Socket, { at: number; bytesSince: number }>()

  /** Whether it is time to search a buffer: a search for every write to a long buffer would be quadratic. */
  function isSearchDue(socket: Socket, buffer: WriteBuffer, next: WaitingFrame): boolean {
    const now = serverNow()
    const last = searches.get(socket) ?? { at: 0, bytesSince: 0 }
    searches.set(socket, last)
    last.bytesSince += next.bytes
    const isLong = buffer.length > SHORT_BUFFER
    if (isLong && last.bytesSince < SEARCH_AFTER_BYTES && now - last.at < SEARCH_INTERVAL) return false
    last.at = now
    last.bytesSince = 0
    return true
  }

  /** Removes what need not be written any more, the newest first, so that the newest bytes may stay. */
  function removeStale(socket: Socket, buffer: WriteBuffer, next: WaitingFrame): void {
    const now = serverNow()
    let keptBytes = 0
    for (let index = buffer.length - 1; index >= 0; index--) {
      const waiting = buffer[index]?.options?.onlineMessage
      if (!waiting) continue
      if (waiting.replaces !== undefined) {
        // The last typing update stays, however old: its age tells the client to ask again when it reads at last (K2).
        if (waiting.replaces === next.replaces) buffer.splice(index, 1)
        continue
      }
      const hasExpired = now - waiting.at > maxAge
      // By our own time: the stamp is the sender's, and may be as old as the sender likes.
      const isTooMuch = keptBytes + waiting.bytes > MAX_WAITING_BYTES && now - waiting.encodedAt > BURST
      if (hasExpired || isTooMuch) {
        buffer.splice(index, 1)
        onSlowReader(socket, waiting.conversation)
      } else {
        keptBytes += waiting.bytes
      }
    }
  }

  return (socket, frame) => {
    const connection = socket.conn as unknown as EngineConnection
    const { writeBuffer, transport, readyState } = connection
    const packets = frame.encoded()
    const next = packets[0]?.options.onlineMessage
    if (writeBuffer?.length && next && !transport.writable) {
      if (isSearchDue(socket, writeBuffer, next)) removeStale(socket, writeBuffer, next)
    }

    // Without anything before it a packet needs no buffer, which saves a fifth of the cost of a delivery.
    const needsNoBuffer =
      writeBuffer?.length === 0 && transport.writable && transport.name === 'websocket' && readyState === 'open'
    if (needsNoBuffer) {
      transport.send(packets)
      return
    }
    for (const { data, options } of packets) connection.write(data, options)
  }
}

/** Whether a client asks and never reads an answer: what waits for it has to be bounded. */
export function isClogged(socket: Socket): boolean {
  const { writeBuffer } = socket.conn as unknown as EngineConnection
  return writeBuffer !== undefined && writeBuffer.length > CLOGGED
}
