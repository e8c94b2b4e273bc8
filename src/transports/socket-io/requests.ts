import { createBoundedMap } from '../../core/bounded-map.ts'
import { ANSWER_TIMEOUT } from '../../core/constants.ts'
import { isFailure } from '../../core/message/failure.ts'
import type { SendResult } from '../../core/message/send-result.ts'
import { notConnected } from '../../core/transport/not-connected.ts'
import { ACK_PACKET, EVENT_PACKET } from '../../core/transport/wire.ts'
import type { ClientSocket, Packet } from './client-socket.ts'
import { noAnswer, unreadableAnswer } from './failures.ts'

const accepted: SendResult = { ok: true }

/** How many hellos may be without an answer. Those before them are given up. */
const MAX_OPEN_QUESTIONS = 20

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
  /**
   * Writes an event, and calls back with its answer however long that takes. When the connection ends before, it never
   * calls back.
   */
  ask(event: readonly unknown[], onAnswer: (answer: SendResult) => void): void
  /** Takes every packet that the manager decodes, of whatever namespace. */
  receive(packet: Packet): void
  /** The connection has ended: answers with `offline` whatever `write` still waits for. */
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
  let questions = createQuestions()

  const writePacket = (event: readonly unknown[], id?: number) =>
    io._packet({ type: EVENT_PACKET, nsp, data: event, id })

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

  const receiveAnswer = (id: number, answer: SendResult) => {
    const onAnswer = waiting.get(id) ?? questions.get(id)
    questions.delete(id)
    onAnswer?.(answer)
  }

  return {
    write(event, { answer }) {
      if (answer === 'none') {
        writePacket(event)
        return Promise.resolve(accepted)
      }
      const id = ++lastId
      writePacket(event, id)
      return waitForAnswer(id, answer === 'expected' ? noAnswer : accepted)
    },
    ask(event, onAnswer) {
      const id = ++lastId
      writePacket(event, id)
      questions.set(id, onAnswer)
    },
    receive(packet) {
      // One manager carries several namespaces, and decodes the packets of all of them.
      if (packet.nsp !== nsp || !Array.isArray(packet.data)) return
      const { type, id } = packet
      const data: readonly unknown[] = packet.data
      if (type === EVENT_PACKET) onEvent(data)
      else if (type === ACK_PACKET && id !== undefined) receiveAnswer(id, parseAnswer(data[0]))
    },
    endAll() {
      questions = createQuestions()
      for (const finish of waiting.values()) finish(notConnected)
    },
  }
}

const createQuestions = () => createBoundedMap<number, (answer: SendResult) => void>(MAX_OPEN_QUESTIONS)

/** Parses an answer: what comes over the wire is hostile until it has been here. */
function parseAnswer(value: unknown): SendResult {
  const { ok } = Object(value) as { readonly ok?: unknown }
  return ok === true || isFailure(value) ? (value as SendResult) : unreadableAnswer
}
