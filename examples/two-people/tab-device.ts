import { createOnlineMessageClient } from '../../src/core/index.ts'
import { createBroadcastChannelTransport } from '../../src/transports/broadcast-channel/index.ts'
import type { ChatDevice, ChatSocket, ServerEvents } from './chat-server.ts'
import { otherThan, type Person } from './people.ts'

const COMMAND = 'chat'

/** A device for a chat between tabs. No server can store messages, so the messages are online messages, too. */
export function createTabDevice(person: Person): ChatDevice {
  const client = createOnlineMessageClient({ transport: createBroadcastChannelTransport({ user: person }) })
  const other = otherThan(person)
  const conversation = { user: other.id }
  const listeners = { history: new Set<ServerEvents['history']>(), message: new Set<ServerEvents['message']>() }
  let lastId = 0
  let unsubscribe = () => {}

  const show = (from: Person, text: string) => {
    lastId += 1
    for (const listener of listeners.message) listener({ id: lastId, from: from.id, text })
  }

  const socket: ChatSocket = {
    on: (event: keyof typeof listeners, listener: never) => listeners[event].add(listener),
    off: (event: keyof typeof listeners, listener: never) => listeners[event].delete(listener),
    emit(_event, text, onStored) {
      show(person, text)
      void client.send(conversation, COMMAND, text)
      onStored()
    },
    connect() {
      unsubscribe = client.subscribe(conversation, COMMAND, ({ data }) => {
        if (typeof data === 'string') show(other, data)
      })
    },
    disconnect: () => unsubscribe(),
  }
  return { socket, client }
}
