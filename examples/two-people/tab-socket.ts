import type { OnlineMessageClient } from '../../src/index.ts'
import type { ChatSocket, ServerEvents } from './chat-server.ts'
import { otherThan, type Person } from './people.ts'

const MESSAGE = 'chat'

/** A chat's own messages where there is no server to keep them: they are online messages like any other. */
export function createTabSocket(client: OnlineMessageClient, me: Person): ChatSocket {
  const other = otherThan(me)
  const listeners = { history: new Set<ServerEvents['history']>(), message: new Set<ServerEvents['message']>() }
  let count = 0
  let stop = () => {}

  const tell = (from: Person, text: string) => {
    const message = { id: ++count, from: from.id, text }
    listeners.message.forEach((listener) => listener(message))
  }
  return {
    on: (event: keyof typeof listeners, listener: never) => listeners[event].add(listener),
    off: (event: keyof typeof listeners, listener: never) => listeners[event].delete(listener),
    emit(_event, text, stored) {
      tell(me, text)
      void client.send({ user: other.id }, MESSAGE, text)
      stored()
    },
    connect() {
      stop = client.subscribe({ user: other.id }, MESSAGE, ({ data }) => {
        if (typeof data === 'string') tell(other, data)
      })
    },
    disconnect: () => stop(),
  }
}
