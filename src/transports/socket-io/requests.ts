import type { ClientSocket, Packet } from './client-socket.ts'
import { ANSWER_TIMEOUT } from '../../core/constants.ts'
import { failure, isFailure } from '../../core/message/failure.ts'
import type { SendFailure, SendResult } from '../../core/message/send-result.ts'
import { ACK_PACKET, EVENT_PACKET } from '../../core/transport/wire.ts'

const accepted: SendResult = { ok: true }
export const offline: SendFailure = failure('offline', 'Not connected: send when online.')
export const noAnswer: SendFailure = failure('timeout', 'No answer: is attachOnlineMessages called?')
export const unreadableAnswer: SendFailure = failure(
  'invalid',
  'The answer of the server is unreadable. Use one version of react-online-message on both sides.',
)

/**
 * Which answer the server gives to an event:
 *
 * - `expected`: it always answers. Silence means that nothing there understands the event: `timeout`.
 * - `only-refusals`: it answers only to refuse. Silence means `ok`.
 * - `none`: it is not asked for an answer. The result is `ok` at once.
 */
export type Answer = 'expected' | 'only-refusals' | 'none'

/** Events to the server, and its answers. */
export interface Requests {
  /**
   * Writes an event. Call it only while the socket is connected: nothing that is written is kept for later. When the
   * connection ends before the answer, the result is `offline`.
   *
   * @throws whatever keeps the parser from encoding the event. Then nothing has been written.
   */
  write(event: readonly unknown[], options: { readonly answer: Answer }): Promise<SendResult>
  /** Takes every packet that the manager decodes, of whatever namespace. */
  receive(packet: Packet): void
  /** The connection has ended: answers with `offline` whatever still waits for an answer. */
  endAll(): void
}

/** The members of a socket below its public API that are used here. Socket.IO's own declarations list both. */
interface SocketInternals {
  readonly nsp: string
  readonly io: { _packet(packet: Packet): void }
}

/** An app's own acknowledgements count up from 0. Ours, of all transports, begin where those will not get to. */
let lastId = 2 ** 30

/**
 * Writes below `socket.emit`, into the engine's own buffer. Everything in Socket.IO that keeps a packet for later lies
 * above it (`sendBuffer`, `retries`, the branch for an expired ping), and the engine throws its buffer away when it
 * closes (G1, T1). In that buffer our packets and the app's own are in order (T6).
 *
 * @param onEvent is called with the name and the arguments of every event in the namespace of this socket.
 */
export function createRequests(socket: ClientSocket, onEvent: (event: readonly unknown[]) => void): Requests {
  const { io, nsp } = socket as unknown as SocketInternals
  /** What takes the answer to a request, by the id of its packet. */
  const waiting = new Map<number, (answer: SendResult) => void>()

  const waitForAnswer = (id: number, silence: SendResult) =>
    new Promise<SendResult>((resolve) => {
      const finish = (answer: SendResult) => {
        clearTimeout(timer)
        waiting.delete(id)
        resolve(answer)
      }
      const timer = setTimeout(() => finish(silence), ANSWER_TIMEOUT)
      waiting.set(id, finish)
    })

  return {
    write(event, { answer }) {
      const id = answer === 'none' ? undefined : ++lastId
      io._packet({ type: EVENT_PACKET, nsp, data: event, id })
      if (id === undefined) return Promise.resolve(accepted)
      return waitForAnswer(id, answer === 'expected' ? noAnswer : accepted)
    },
    receive(packet) {
      // One manager carries several namespaces, and decodes the packets of all of them.
      if (packet.nsp !== nsp || !Array.isArray(packet.data)) return
      const data: readonly unknown[] = packet.data
      if (packet.type === EVENT_PACKET) onEvent(data)
      else if (packet.type === ACK_PACKET && packet.id !== undefined) waiting.get(packet.id)?.(parseAnswer(data[0]))
    },
    endAll() {
      for (const finish of waiting.values()) finish(offline)
    },
  }
}

/** Parses an answer: what comes over the wire is hostile until it has been here. */
function parseAnswer(value: unknown): SendResult {
  const { ok } = Object(value) as { readonly ok?: unknown }
  return ok === true || isFailure(value) ? (value as SendResult) : unreadableAnswer
}
