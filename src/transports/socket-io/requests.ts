import type { Socket } from 'socket.io-client'
import { failure } from '../../core/message/failure.ts'
import type { SendFailure, SendResult } from '../../core/message/message.ts'
import { ANSWER_TIMEOUT } from '../../core/constants.ts'
import { ACK_PACKET, EVENT_PACKET } from '../../core/transport/wire.ts'

/** The app's own acknowledgements count from 0 up; ours, of all transports, begin where those will not get to. */
let lastId = 2 ** 30

export const ok: SendResult = { ok: true }
export const offline: SendFailure = failure('offline', 'Not connected: send when online.')
export const noAnswer: SendFailure = failure('timeout', 'No answer: is attachOnlineMessages called?')

/** What is read and written of a packet. */
interface Packet {
  readonly type: number
  readonly nsp: string
  readonly id?: number | undefined
  readonly data?: unknown
}

/** What is used below a socket's public face; both stand in its declarations. */
interface Lower {
  /** Tells one namespace's packets from another's. */
  readonly nsp: string
  readonly io: { _packet(packet: Packet): void }
}

/**
 * Packets to the server, and the answers to them. They are written below `socket.emit`, into the engine's own buffer:
 * everything in Socket.IO that keeps a packet for later lies above it (`sendBuffer`, `retries`, the branch for an
 * expired ping), and the engine throws its buffer away when it closes (G1, T1). They are in order with the app's own (T6).
 *
 * @param heard gets the name and the arguments of every event of this namespace.
 * @returns `write` writes an event, only while the socket is connected: nothing that is written is kept for later. With
 * `silence` it waits for an answer, and that is what it means that none has come in time; when none can come any more
 * the answer is `offline`. Without it nothing is waited for, which is `ok`. `hear` takes every packet the manager has
 * decoded: it finds the answers, and hands on the events. After `end` nothing will be answered any more.
 */
export function createRequests(
  socket: Socket,
  heard: (event: never) => void,
): readonly [
  write: (args: readonly unknown[], silence?: SendResult | false) => SendResult | Promise<SendResult>,
  hear: (packet: Packet) => void,
  end: () => void,
] {
  const waiting = new Map<number | undefined, (answer: SendResult) => void>()
  const { io, nsp } = socket as unknown as Lower

  return [
    (data, silence) => {
      const id = silence ? ++lastId : undefined
      io._packet({ type: EVENT_PACKET, nsp, data, id })
      if (!silence) return ok
      return new Promise((resolve) => {
        const done = (answer: SendResult) => {
          clearTimeout(timer)
          waiting.delete(id)
          resolve(answer)
        }
        const timer = setTimeout(() => done(silence), ANSWER_TIMEOUT)
        waiting.set(id, done)
      })
    },
    ({ type, nsp: from, id, data }) => {
      if (from !== nsp) return
      if (type === EVENT_PACKET) heard(data as never)
      if (type === ACK_PACKET) waiting.get(id)?.((data as readonly [SendResult])[0])
    },
    () => {
      for (const done of waiting.values()) done(offline)
    },
  ]
}
