import { createOnlineMessageClient } from '../../src/core/index.ts'
import { createMemoryNetwork } from '../../src/transports/memory/index.ts'
import type { ChatMessage, ChatServer, ChatSocket, ServerEvents, ServerFigures } from './chat-server.ts'

/** The listeners of one socket, by event. */
interface SocketListeners {
  readonly history: Set<ServerEvents['history']>
  readonly message: Set<ServerEvents['message']>
}

/** Simulates the server inside the page, for a built Storybook, which has no server. */
export function createInPageServer(): ChatServer {
  const network = createMemoryNetwork()
  const messages: ChatMessage[] = []
  const connectedSockets = new Set<SocketListeners>()
  const figuresListeners = new Set<(figures: ServerFigures) => void>()
  let delivered = 0

  const reportFigures = () => {
    const figures = { storedMessages: messages.length, delivered, leases: 0 }
    for (const listener of figuresListeners) listener(figures)
  }

  const store = (from: string, text: string) => {
    const message = { id: messages.length, from, text }
    messages.push(message)
    for (const socket of connectedSockets) {
      for (const listener of socket.message) listener(message)
    }
    reportFigures()
  }

  return {
    createDevice(person) {
      const networkDevice = network.join(person)
      const transport = {
        ...networkDevice,
        send: (...args: Parameters<typeof networkDevice.send>) => {
          delivered += 1
          reportFigures()
          return networkDevice.send(...args)
        },
      }
      networkDevice.disconnect()

      const listeners: SocketListeners = { history: new Set(), message: new Set() }
      const unsentMessages: (() => void)[] = []

      const socket: ChatSocket = {
        on: (event: keyof SocketListeners, listener: never) => listeners[event].add(listener),
        off: (event: keyof SocketListeners, listener: never) => listeners[event].delete(listener),
        emit(_event, text, onStored) {
          const send = () => {
            store(person.id, text)
            onStored()
          }
          // Socket.IO does the same: what is emitted while offline waits for the connection.
          if (connectedSockets.has(listeners)) send()
          else unsentMessages.push(send)
        },
        connect() {
          networkDevice.reconnect()
          connectedSockets.add(listeners)
          for (const listener of listeners.history) listener([...messages])
          for (const send of unsentMessages.splice(0)) send()
        },
        disconnect() {
          connectedSockets.delete(listeners)
          networkDevice.disconnect()
        },
      }
      return { socket, client: createOnlineMessageClient({ transport }) }
    },

    watchFigures(listener) {
      figuresListeners.add(listener)
      reportFigures()
      return () => figuresListeners.delete(listener)
    },
  }
}
