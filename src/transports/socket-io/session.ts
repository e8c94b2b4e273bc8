import { callSafely } from '../../core/call-safely.ts'
import { createLifecycleStore } from '../../core/lifecycle-store.ts'
import { isFailure } from '../../core/message/failure.ts'
import type { SendFailure, SendResult } from '../../core/message/send-result.ts'
import { isPageVisible, watchPageVisibility } from '../../core/page-lifecycle.ts'
import { aborted } from '../../core/transport/aborted.ts'
import { keepRunning, keepRunningWhileSubscribed } from '../../core/transport/keep-running.ts'
import { deliverServerEvent, parseServerEvent, type ConversationEvent } from '../../core/transport/server-event.ts'
import { createSubscriptions } from '../../core/transport/subscriptions.ts'
import type {
  ConnectionState,
  OutgoingMessage,
  Transport,
  TransportListener,
  TransportSendOptions,
} from '../../core/transport/transport.ts'
import { ACK_PACKET, ACTIVE, EVENT_PACKET, HELLO, PROTOCOL_VERSION, SUBSCRIBE } from '../../core/transport/wire.ts'
import type { ClientSocket } from './client-socket.ts'
import { noAnswer } from './failures.ts'
import { createGreeting, type GreetedServer } from './greeting.ts'
import { createRequests } from './requests.ts'
import { createSharedLeases } from './shared-leases.ts'
import { createSocketListeners } from './socket-listeners.ts'
import { writeMessage } from './write-message.ts'

/** How often the session compares itself with its socket, in milliseconds, while somebody uses it. */
const CHECK_INTERVAL = 1000

/**
 * Most conversations in one list of subscriptions. A server refuses a list of more than 10,000, and Socket.IO ends the
 * connection of a client whose packet is larger than `maxHttpBufferSize`, 1 MB by default.
 */
const LIST_LENGTH = 1000

/** How one message of one client is sent. */
export interface SessionSendOptions extends TransportSendOptions {
  /** The client that sends: any object of its own. */
  readonly owner: object
}

/** What all transports on one socket share (T8): the hello, the clock, the subscriptions, the leases. */
export interface SocketSession extends Pick<Transport, 'subscribe' | 'connection'> {
  send(message: OutgoingMessage, options: SessionSendOptions): Promise<SendResult>
}

/**
 * Makes the session of a socket. It listens to the socket only while somebody uses it.
 *
 * **T7.** Other code may take away each of its listeners. What it knows belongs to the connection whose id it has read
 * from the socket, and once a second it looks whether that is still the socket's, and whether its listeners are there. So
 * listeners only make it faster.
 */
export function createSocketSession(socket: ClientSocket): SocketSession {
  /** The connection that everything here belongs to. */
  let connectionId: string | undefined
  let isRunning = false

  const leases = createSharedLeases(() => performance.now())

  const subscriptions = createSubscriptions((key, conversation) => {
    // After the first hello, all of them are written at once.
    if (!greeting.isWelcome()) return
    const isSubscribed = subscriptions.conversations.has(key)
    void requests.write([SUBSCRIBE, [conversation], isSubscribed], { answer: 'none' })
  })

  const requests = createRequests(socket, (args) => {
    const event = parseServerEvent(args)
    if (event?.type === 'identity') {
      // Whoever types from here on is another typist.
      leases.clear()
      greeting.loseIdentity()
      return
    }
    if (event) greeting.withServer((server) => receive(event, server))
  })

  const greeting = createGreeting({
    clocks: { steadyNow: () => performance.now(), wallNow: () => Date.now() },
    isConnected,
    writeHello: (onAnswer) => requests.ask([HELLO, PROTOCOL_VERSION], onAnswer),
    onWelcome: subscribeToAll,
    onRefused: (failure) => notifyAll((listener) => listener.refused?.(failure)),
    onChange: updateState,
  })

  const listeners = createSocketListeners(socket, {
    onPacket(packet) {
      const isForUs = packet.type === EVENT_PACKET || packet.type === ACK_PACKET
      if (isForUs) requests.receive(packet)
      // A connection begins or ends. Socket.IO's own listener may come after this one.
      else queueMicrotask(check)
    },
    onClose() {
      endConnection()
      queueMicrotask(check)
    },
    onDisconnect: check,
    onPing() {
      greeting.retry()
      check()
    },
  })

  function subscribeToAll(): void {
    const conversations = [...subscriptions.conversations.values()]
    for (let start = 0; start < conversations.length; start += LIST_LENGTH) {
      const list = conversations.slice(start, start + LIST_LENGTH)
      void requests.write([SUBSCRIBE, list], { answer: 'none' })
    }
  }

  function isConnected(): boolean {
    return socket.connected && socket.id === connectionId
  }

  function receive(event: ConversationEvent, server: GreetedServer | SendFailure): void {
    // Nobody can say how old an event is while the server is unknown.
    const isFresh = !isFailure(server) && server.clock.oldestAge(event.sentAt) <= server.maxAge
    // A refusal is true however late it comes.
    if (isFresh || event.type === 'refused') {
      deliverServerEvent(event, subscriptions)
      return
    }
    // K2: an expired message is dropped, and nothing else happens, since any sender can write an old stamp. The server
    // itself stamps typing updates: what is shown may be as old (R5).
    if (isFailure(server) || event.type === 'message') return
    notifyAll((listener) => listener.reset?.())
    greeting.doubtSubscriptions()
  }

  function notifyAll(call: (listener: TransportListener) => void): void {
    for (const conversation of subscriptions.conversations.values()) subscriptions.notify(conversation, call)
  }

  function getState(): ConnectionState {
    if (greeting.server()) return 'online'
    return socket.active && !greeting.hasLostIdentity() ? 'connecting' : 'offline'
  }

  function updateState(): void {
    // A subscriber of the app's that throws must not break what goes on here.
    callSafely(() => connection.setState(getState()))
  }

  function endConnection(): void {
    connectionId = undefined
    leases.clear()
    greeting.reset()
    requests.endAll()
    updateState()
  }

  /** Ends what belongs to a connection that is not the socket's any more, and begins with the one that is. */
  function followSocket(): void {
    const currentId = socket.connected ? socket.id : undefined
    if (currentId === connectionId) return
    if (connectionId !== undefined) endConnection()
    connectionId = currentId
  }

  function check(): void {
    if (!isRunning) return
    if (listeners.attach()) endConnection()
    followSocket()
    greeting.check()
    updateState()
  }

  function onPageChange(): void {
    greeting.retry()
    check()
    if (greeting.server()?.tellActive && isPageVisible()) void requests.write([ACTIVE], { answer: 'none' })
  }

  const connection = createLifecycleStore<ConnectionState>('connecting', () => {
    isRunning = true
    const timer = setInterval(check, CHECK_INTERVAL)
    letProcessEnd(timer)
    const unwatchPage = watchPageVisibility({ onVisibilityChange: onPageChange, onPageHide: check })
    check()
    return () => {
      isRunning = false
      clearInterval(timer)
      unwatchPage()
      listeners.detach()
      endConnection()
    }
  })

  return {
    send(message, { owner, confirm = true, signal }) {
      if (signal?.aborted) return Promise.resolve(aborted)
      const sentAt = performance.now()
      const stopRunning = keepRunning(connection)
      followSocket()

      return new Promise<SendResult>((resolve) => {
        greeting.withServer((server) => {
          const result = isFailure(server)
            ? server
            : writeMessage(message, { requests, server, leases, owner, sentAt, confirm })
          if (!confirm) stopRunning()
          void Promise.resolve(result).then((answer) => {
            // K3: the server says that the message was too old.
            if (isFailure(answer) && answer.code === 'timeout' && answer !== noAnswer) greeting.doubtClock()
            if (confirm) stopRunning()
          })
          resolve(result)
        }, signal)
      })
    },
    subscribe: (conversation, listener) =>
      keepRunningWhileSubscribed(connection, () => subscriptions.add(conversation, listener)),
    connection: { getState, getInitialState: connection.getInitialState, subscribe: connection.subscribe },
  }
}

/** Lets a process of Node's end that has nothing else to do. In a page a timer is a number. */
function letProcessEnd(timer: unknown): void {
  ;(timer as { unref?(): unknown }).unref?.()
}
