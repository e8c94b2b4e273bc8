/** What a test plays to a client in place of a server: frames of one WebSocket, without any network. */

type Listener = (event: { readonly data?: string; readonly code?: number }) => void

/** An event that a client has sent. */
export interface SentEvent {
  /** Its name and arguments. */
  readonly event: readonly unknown[]
  /** Present if the client asks for an acknowledgement. */
  readonly id: number | undefined
  isAnswered: boolean
}

const CLOSED = 3
const OPEN = 1

/** The ping of a server that is never late: the longest that timers can wait for. */
const handshake = { sid: 'engine', upgrades: [], pingInterval: 1e9, pingTimeout: 1e9, maxPayload: 1e6 }

/** Has the members of a `WebSocket` that the clients use, and for the test those of the server's side. */
export class FakeWebSocket {
  /** The last one that a client has created. */
  static latest: FakeWebSocket | undefined

  onopen: Listener | undefined
  onmessage: Listener | undefined
  onclose: Listener | undefined
  onerror: Listener | undefined
  readyState = 0

  /** Every event of this connection so far. */
  readonly sent: SentEvent[] = []

  constructor() {
    FakeWebSocket.latest = this
  }

  send(frame: string): void {
    const [, id = '', json] = /^42(\d*)(\[.*)$/s.exec(frame) ?? []
    if (json === undefined) return
    const event = JSON.parse(json) as unknown[]
    this.sent.push({ event, id: id === '' ? undefined : Number(id), isAnswered: false })
  }

  close(): void {
    this.end(1000)
  }

  /** Opens the connection up to Socket.IO's own welcome. */
  open(): void {
    this.readyState = OPEN
    this.onopen?.({})
    this.deliver(`0${JSON.stringify(handshake)}`)
    this.deliver('40{"sid":"socket"}')
  }

  /** The connection breaks, without a word. */
  lose(): void {
    this.end(1006)
  }

  deliverEvent(event: readonly unknown[]): void {
    this.deliver(`42${JSON.stringify(event)}`)
  }

  /**
   * Answers an event.
   *
   * @param number which of the events with this name, the first is 1. Without it, the oldest one that has no answer yet.
   */
  answer(name: string, number: number | undefined, answer: unknown): void {
    const named = this.sent.filter(({ event }) => event[0] === name)
    const oldest = named.find(({ id, isAnswered }) => id !== undefined && !isAnswered)
    const request = number === undefined ? oldest : named[number - 1]
    if (request?.id === undefined) throw new Error(`No ${name} waits for an answer.`)
    request.isAnswered = true
    this.deliver(`43${request.id}${JSON.stringify([answer])}`)
  }

  private deliver(frame: string): void {
    if (this.readyState === OPEN) this.onmessage?.({ data: frame })
  }

  private end(code: number): void {
    if (this.readyState === CLOSED) return
    this.readyState = CLOSED
    this.onclose?.({ code })
  }
}
