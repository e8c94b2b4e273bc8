import type { Socket } from 'socket.io'
import { serverNow } from '../clock.ts'
import type { Frame, FrameOptions, Packet, WaitingFrame } from './frame.ts'

/** More packets that wait, of whatever kind, mean that a connection does not read: it gets no answers any more. */
const CLOGGED = 2000

/** Most bytes of ours that wait for one connection that does not read. Each is there twice: as text and as a frame. */
const MAX_WAITING = 192 * 1024

/** What has waited for less, in milliseconds, may be more: many at once are no reader that has stopped (T6). */
const BURST = 200

/** A long buffer is searched after so many bytes or milliseconds; a short one at every write. */
const SEARCH_AFTER = 64 * 1024
const SEARCH_EVERY = 200
const SHORT = 64

/** What is used of Engine.IO's connection. `writeBuffer` is not in its declarations, so it may be missing some day. */
interface Connection {
  readonly readyState: string
  readonly transport: { readonly name: string; readonly writable: boolean; send(packets: readonly Packet[]): unknown }
  readonly writeBuffer?: { readonly options?: Partial<FrameOptions> }[]
  write(packet: unknown, options: FrameOptions): unknown
}

/**
 * Writes frames to connections, below everything in Socket.IO that keeps a copy: no adapter, recovery store or stream
 * ever sees them (G3), and Engine.IO throws its buffer away when it closes (G1). In order with the app's own packets, which
 * wait in the same buffer (T6).
 *
 * From a connection that does not read, what has grown old while waiting is taken back, and a digest when there is a
 * newer one: that is all that ever replaces it.
 */
export function createConnectionWriter(maxAge: number, dropped: () => void): (socket: Socket, frame: Frame) => void {
  /** Of those that have been searched. */
  const searches = new WeakMap<Socket, { at: number; bytesSince: number }>()

  /** Takes back what need not be written any more. */
  const tidy = (socket: Socket, buffer: NonNullable<Connection['writeBuffer']>, next: WaitingFrame) => {
    const now = serverNow()
    const last = searches.get(socket) ?? { at: 0, bytesSince: 0 }
    searches.set(socket, last)
    last.bytesSince += next.bytes
    if (buffer.length > SHORT && last.bytesSince < SEARCH_AFTER && now - last.at < SEARCH_EVERY) return
    last.at = now
    last.bytesSince = 0
    let bytes = 0
    for (let index = buffer.length - 1; index >= 0; index--) {
      const frame = buffer[index]?.options?.onlineMessage
      if (!frame) continue
      const { replaces, at } = frame
      if (replaces === undefined) bytes += frame.bytes
      // The last digest stays, however old: when it is read at last, its age tells the client to ask anew.
      const keep =
        replaces === undefined
          ? now - at <= (bytes <= MAX_WAITING ? maxAge : Math.min(BURST, maxAge))
          : replaces !== next.replaces
      if (keep) continue
      buffer.splice(index, 1)
      if (replaces === undefined) dropped()
    }
  }

  return (socket, frame) => {
    const connection = socket.conn as unknown as Connection
    const { writeBuffer, transport, readyState } = connection
    const packets = frame.encoded()
    const [next] = packets
    if (writeBuffer?.length && next && !transport.writable) tidy(socket, writeBuffer, next.options.onlineMessage)
    // With nothing before it a packet needs no buffer: a fifth of what a delivery costs.
    if (writeBuffer?.length === 0 && transport.writable && transport.name === 'websocket' && readyState === 'open') {
      transport.send(packets)
    } else {
      for (const { data, options } of packets) connection.write(data, options)
    }
  }
}

/** Whether a connection asks and asks, and reads no answer: what waits for it has to be bounded. */
export const isClogged = (socket: Socket): boolean =>
  ((socket.conn as unknown as Connection).writeBuffer?.length ?? 0) > CLOGGED
