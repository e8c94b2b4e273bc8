/** The clients that the vectors are played to, each on a fake WebSocket. */
import { WebSocket as WebSocketTransport } from 'engine.io-client'
import { io } from 'socket.io-client'
import { vi } from 'vitest'
import { type Conversation, createOnlineMessageClient } from '../../src/core/index.ts'
import { createSocketTransport } from '../../src/transports/socket-io/index.ts'
import { FakeWebSocket } from './fake-web-socket.ts'
import type { Report, TestClient } from './vectors.ts'

/** Socket.IO's own client, down to the WebSocket. */
class FakeTransport extends WebSocketTransport {
  override createSocket(): FakeWebSocket {
    return new FakeWebSocket()
  }
}

/** The client of this package. */
export function startOwnClient(conversation: Conversation, report: Report): TestClient {
  const socket = io('http://fake', { forceNew: true, transports: [FakeTransport], randomizationFactor: 0 })
  const client = createOnlineMessageClient({ transport: createSocketTransport(socket), onError: () => {} })
  const store = client.typists(conversation)
  const typing = client.typing(conversation)
  const ends = [
    client.connection.subscribe(() => {}),
    store.subscribe(({ typists, total }) => report.shown(typists, total)),
    client.subscribe(conversation, 'wave', (message) => report.message(message)),
  ]
  return {
    state: () => client.connection.getState(),
    run(command) {
      if (command.do === 'keys') typing.keystroke()
      else if (command.do === 'stop') typing.stop()
      else if (command.do === 'clear') client.clearTypist(conversation, command.user)
      else if (command.do === 'disconnect') socket.disconnect()
      else {
        typing.stop()
        void client.send(conversation, command.command, command.data).then((result) => report.result(result))
      }
    },
    end() {
      for (const end of ends) end()
      socket.disconnect()
    },
  }
}

/** The members of examples/plain-client that are used here. */
interface PlainClient {
  readonly state: string
  keystroke(): void
  endTyping(): void
  clearTypist(user: string): void
  send(command: string, data: unknown): void
  disconnect(): void
}

type Details = Readonly<Record<string, unknown>>

interface PlainModule {
  readonly PlainClient: new (options: {
    readonly url: string
    readonly conversation: Conversation
    readonly report: (kind: string, details: Details) => void
  }) => PlainClient
}

const module = new URL('../../examples/plain-client/plain-client.mjs', import.meta.url).href
const { PlainClient } = (await import(/* @vite-ignore */ module)) as PlainModule

/** examples/plain-client. */
export function startPlainClient(conversation: Conversation, report: Report): TestClient {
  vi.stubGlobal('WebSocket', FakeWebSocket)
  const client = new PlainClient({
    url: 'http://fake',
    conversation,
    report(kind, details) {
      if (kind === 'shown') report.shown(details.typists as object[], details.total as number)
      else if (kind === 'message') report.message(details)
      else if (kind === 'sent') report.result(details.answer)
    },
  })
  return {
    state: () => client.state,
    run(command) {
      if (command.do === 'keys') client.keystroke()
      else if (command.do === 'stop') client.endTyping()
      else if (command.do === 'clear') client.clearTypist(command.user)
      else if (command.do === 'disconnect') client.disconnect()
      else client.send(command.command, command.data)
    },
    end() {
      client.disconnect()
      vi.unstubAllGlobals()
    },
  }
}
