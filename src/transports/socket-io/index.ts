import { callSafely } from '../../core/call-safely.ts'
import { createLifecycleStore } from '../../core/lifecycle-store.ts'
import { isFailure } from '../../core/message/failure.ts'
import type { SendResult } from '../../core/message/send-result.ts'
import { isPageVisible, watchPageVisibility } from '../../core/page-lifecycle.ts'
import { aborted } from '../../core/transport/aborted.ts'
import { keepRunning, keepRunningWhileSubscribed } from '../../core/transport/keep-running.ts'
import { deliverServerEvent, parseServerEvent, type ServerEvent } from '../../core/transport/server-event.ts'
import { createSubscriptions } from '../../core/transport/subscriptions.ts'
import type { ConnectionState, Transport } from '../../core/transport/transport.ts'
import { ACTIVE, HELLO, PROTOCOL_VERSION, SUBSCRIBE } from '../../core/transport/wire.ts'
import type { ClientSocket } from './client-socket.ts'
import { createGreeting, type GreetedServer } from './greeting.ts'
import { createRequests, offline } from './requests.ts'
import { writeMessage } from './write-message.ts'

export type { ClientSocket }

/**
 * A transport over an app's own Socket.IO connection. Its server has to call `attachOnlineMessages`. The socket stays the
 * app's: the transport neither connects nor closes it.
 *
 * `online` means that the server has answered the hello of this connection. A message that is sent reaches the engine's
 * buffer or nothing (T1), in order with the app's own packets (T6). A message that arrives older than the server's
 * `maxAge` is dropped (G1).
 *
 * @param socket made by `io()`, connected or not.
 */
export function createSocketTransport(socket: ClientSocket): Transport {
  const subscriptions = createSubscriptions((key, conversation) => {
    // After the hello, all of them are written at once.
    if (!greeting.server()) return
    const isSubscribed = subscriptions.conversations.has(key)
    void requests.write([SUBSCRIBE, [conversation], isSubscribed], { answer: 'none' })
  })

  const requests = createRequests(socket, (args) => {
    const event = parseServerEvent(args)
    if (!event) return
    greeting.withServer((server) => {
      // Nobody can say how old an event is whose server is unknown: it is dropped.
      if (!isFailure(server)) receive(event, server)
    })
  })

  const greeting = createGreeting({
    isConnected: () => socket.connected,
    writeHello: () => requests.write([HELLO, PROTOCOL_VERSION], { answer: 'expected' }),
    onWelcome() {
      void requests.write([SUBSCRIBE, [...subscriptions.conversations.values()]], { answer: 'none' })
    },
    onRefused(failure) {
      for (const conversation of subscriptions.conversations.values()) {
        subscriptions.notify(conversation, (listener) => listener.refused?.(failure))
      }
    },
    onChange: updateState,
  })

  function receive(event: ServerEvent, server: GreetedServer): void {
    const age = server.clock.serverTimeAt(performance.now()) - event.sentAt
    // What is shown may be as old as the event (R5).
    if (age > server.maxAge) greeting.begin()
    else deliverServerEvent(event, subscriptions)
  }

  function getState(): ConnectionState {
    if (greeting.server() && !greeting.isUnderWay()) return 'online'
    return socket.active ? 'connecting' : 'offline'
  }

  function updateState(): void {
    // A subscriber of the app's that throws must not break what goes on here.
    callSafely(() => connection.setState(getState()))
  }

  /** Says hello where the server is not known, or not any more. Called whenever that may have changed. */
  function check(): void {
    if (socket.connected && !greeting.server()) greeting.begin()
    if (greeting.server()?.tellActive && isPageVisible()) void requests.write([ACTIVE], { answer: 'none' })
    updateState()
  }

  function endConnection(): void {
    greeting.reset()
    requests.endAll()
    updateState()
  }

  const connection = createLifecycleStore<ConnectionState>('connecting', () => {
    socket.on('connect', check)
    socket.on('disconnect', endConnection)
    socket.on('connect_error', updateState)
    socket.io.on('packet', requests.receive)
    // No event says that somebody has set the clock: the server's next ping finds out.
    socket.io.on('ping', check)
    const unwatchPage = watchPageVisibility({ onVisibilityChange: check, onPageHide: check })
    check()
    return () => {
      socket.off('connect', check)
      socket.off('disconnect', endConnection)
      socket.off('connect_error', updateState)
      socket.io.off('packet', requests.receive)
      socket.io.off('ping', check)
      unwatchPage()
      endConnection()
    }
  })

  return {
    send(message, { confirm = true, signal } = {}) {
      if (signal?.aborted) return Promise.resolve(aborted)
      if (!socket.connected) return Promise.resolve(offline)
      const sentAt = performance.now()
      const stopRunning = keepRunning(connection)

      return new Promise<SendResult>((resolve) => {
        greeting.withServer((server) => {
          const result = isFailure(server) ? server : writeMessage(message, { requests, server, sentAt, confirm })
          if (confirm) void Promise.resolve(result).then(stopRunning)
          else stopRunning()
          resolve(result)
        }, signal)
      })
    },
    subscribe: (conversation, listener) =>
      keepRunningWhileSubscribed(connection, () => subscriptions.add(conversation, listener)),
    connection: { getState, getInitialState: connection.getInitialState, subscribe: connection.subscribe },
  }
}
