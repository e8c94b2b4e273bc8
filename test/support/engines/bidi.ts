import { once } from 'node:events'
import { WebSocket } from 'ws'

interface Reply {
  readonly id?: number
  readonly type: 'success' | 'error' | 'event'
  readonly result?: unknown
  readonly message?: string
}

/** A connection that speaks WebDriver BiDi: https://www.w3.org/TR/webdriver-bidi */
export interface BidiConnection {
  send<T>(method: string, params: object): Promise<T>
  close(): void
}

export async function connectBidi(url: string): Promise<BidiConnection> {
  const socket = new WebSocket(url)
  await once(socket, 'open')
  const waiting = new Map<number, (reply: Reply) => void>()
  let lastId = 0
  socket.on('message', (data: Buffer) => {
    const reply = JSON.parse(data.toString()) as Reply
    if (reply.id === undefined) return
    waiting.get(reply.id)?.(reply)
    waiting.delete(reply.id)
  })
  return {
    send: <T>(method: string, params: object) =>
      new Promise<T>((resolve, reject) => {
        lastId += 1
        waiting.set(lastId, ({ type, result, message }) => {
          if (type === 'success') resolve(result as T)
          else reject(new Error(`${method}: ${message ?? 'failed'}`))
        })
        socket.send(JSON.stringify({ id: lastId, method, params }))
      }),
    close: () => socket.close(),
  }
}
