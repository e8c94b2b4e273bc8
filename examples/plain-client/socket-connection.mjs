/**
 * Socket.IO in frames of a WebSocket, as "Without a Socket.IO library" in PROTOCOL.md has them: one connection after the
 * other, to the namespace `/`. Nothing that is sent is kept for later. All durations are in milliseconds.
 */
const RECONNECTION_DELAY = 1000

export class SocketConnection {
  /**
   * @param options `onConnect()`, `onEvent([name, ...arguments])`, and `onEnd(isClosed)`: whether it was closed for good,
   * by `close` or by the server.
   */
  constructor({ url, auth, onConnect, onEvent, onEnd }) {
    this.address = `${url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`
    Object.assign(this, { auth, onConnect, onEvent, onEnd, isClosed: false })
    this.open()
  }
  open() {
    this.webSocket = new WebSocket(this.address)
    Object.assign(this, { isConnected: false, hasEnded: false, lastId: 0, waiting: new Map() })
    this.webSocket.onmessage = ({ data }) => this.receiveFrame(String(data))
    this.webSocket.onclose = () => this.end()
    // Node reports a connection that could not be opened as an error only, browsers as an error and a close.
    this.webSocket.onerror = () => this.end()
  }
  receiveFrame(frame) {
    if (frame[0] === '0') this.ping = JSON.parse(frame.slice(1))
    // A server that has sent nothing for so long is gone, although no close has arrived.
    clearTimeout(this.silence)
    this.silence = setTimeout(() => this.webSocket.close(), this.ping.pingInterval + this.ping.pingTimeout)

    if (frame[0] === '0') this.webSocket.send(`40${JSON.stringify(this.auth)}`)
    else if (frame === '2') this.webSocket.send('3')
    else if (frame.startsWith('40')) {
      this.isConnected = true
      this.onConnect()
    } else if (frame.startsWith('41')) this.close()
    const [, type, id, json] = /^4([23])(\d*)(\[.*)$/s.exec(frame) ?? []
    if (type === '2') this.onEvent(JSON.parse(json))
    else if (type === '3') this.receiveAnswer(Number(id), JSON.parse(json)[0])
  }
  /** Sends an event. With `onAnswer`, it asks for an acknowledgement, and returns its id. */
  emit(event, onAnswer) {
    const id = onAnswer ? ++this.lastId : ''
    if (onAnswer) this.waiting.set(id, onAnswer)
    this.webSocket.send(`42${id}${JSON.stringify(event)}`)
    return id
  }
  receiveAnswer(id, answer) {
    const onAnswer = this.waiting.get(id)
    this.waiting.delete(id)
    onAnswer?.(answer)
  }
  end() {
    if (this.hasEnded) return
    const { waiting } = this
    Object.assign(this, { isConnected: false, hasEnded: true, waiting: new Map() })
    clearTimeout(this.silence)
    this.onEnd(this.isClosed)
    for (const onAnswer of waiting.values())
      onAnswer({ ok: false, code: 'offline', message: 'The connection has ended.' })
    if (!this.isClosed) this.retry = setTimeout(() => this.open(), RECONNECTION_DELAY * (1 + Math.random()))
  }
  /** Ends the connection, and opens no other. */
  close() {
    this.isClosed = true
    clearTimeout(this.retry)
    this.webSocket.close()
  }
}
