import { createMemoryNetwork } from '../../src/transports/memory/index.ts'
import type { ChatMessage, ChatServer, ChatSocket, Kept, ServerEvents } from './chat-server.ts'

/** Whoever listens at one socket, by event. */
interface Listeners {
  readonly history: Set<ServerEvents['history']>
  readonly message: Set<ServerEvents['message']>
}

/** Plays the server inside the page: for a Storybook that has been built and stands somewhere without one. */
export function createInPageServer(): ChatServer {
  const network = createMemoryNetwork()
  const messages: ChatMessage[] = []
  const connected = new Set<Listeners>()
  const watchers = new Set<(kept: Kept) => void>()
  let passed = 0
  const keptChanged = () => watchers.forEach((watcher) => watcher({ messages: messages.length, passed, held: 0 }))

  return {
    createDevice({ id, ...person }) {
      const device = network.join({ id, ...person })
      const listeners: Listeners = { history: new Set(), message: new Set() }
      const outbox: (() => void)[] = []
      device.disconnect()

      const socket: ChatSocket = {
        on: (event: keyof Listeners, listener: never) => listeners[event].add(listener),
        off: (event: keyof Listeners, listener: never) => listeners[event].delete(listener),
        emit(_event, text, stored) {
          const store = () => {
            const message = { id: messages.length, from: id, text }
            messages.push(message)
            for (const { message: hear } of connected) hear.forEach((listener) => listener(message))
            stored()
            keptChanged()
          }
          // As Socket.IO does: what is emitted while offline waits.
          if (connected.has(listeners)) store()
          else outbox.push(store)
        },
        connect() {
          device.reconnect()
          connected.add(listeners)
          listeners.history.forEach((listener) => listener([...messages]))
          outbox.splice(0).forEach((store) => store())
        },
        disconnect() {
          connected.delete(listeners)
          device.disconnect()
        },
      }
      const transport = {
        ...device,
        send: (...sent: Parameters<typeof device.send>) => {
          passed += 1
          keptChanged()
          return device.send(...sent)
        },
      }
      return { socket, transport }
    },
    watchKept(listener) {
      watchers.add(listener)
      keptChanged()
      return () => watchers.delete(listener)
    },
  }
}
