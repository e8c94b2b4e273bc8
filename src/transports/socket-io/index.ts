import type { Socket } from 'socket.io-client'
import { TYPING_COMMAND } from '../../core/message/commands.ts'
import type { Conversation } from '../../core/message/conversation.ts'
import { decodeData, encodeData, notJson } from '../../core/message/json.ts'
import { createLifecycleStore } from '../../core/lifecycle-store.ts'
import type { SendFailure, SendResult } from '../../core/message/message.ts'
import { isPageVisible, watchPageVisibility } from '../../core/page-lifecycle.ts'
import { createSubscriptions } from '../../core/transport/subscriptions.ts'
import { CLOCK_JUMP_THRESHOLD } from '../../core/constants.ts'
import type { ConnectionState, Transport } from '../../core/transport/transport.ts'
import type { TypingLease } from '../../core/typing/typing.ts'
import type { User } from '../../core/message/user.ts'
import {
  ACTIVE,
  HELLO,
  LEASE,
  SUBSCRIBE,
  MESSAGE,
  PROTOCOL_VERSION,
  REFUSED,
  SEND,
  TYPISTS,
} from '../../core/transport/wire.ts'
import type { Welcome, WireTypist } from '../../core/transport/wire.ts'
import { createRequests, noAnswer, offline, ok } from './requests.ts'

/**
 * What one connection knows of its server's clock. It needs no synchronised clocks: the offset comes from the hello,
 * and is void as soon as the wall clock jumps against the steady one, which stands still while a laptop sleeps.
 */
interface ServerClock extends Welcome {
  /** The server's time less that of `performance.now()`. */
  readonly offset: number
  /** The wall clock less the steady one. */
  readonly drift: number
}

type ServerPacket = readonly [event: string, at: number, conversation: Conversation, ...args: unknown[]]

/**
 * Carries online messages over an app's own Socket.IO connection; its server has to call `attachOnlineMessages`. The
 * socket stays the app's: it is neither connected nor closed here.
 *
 * `online` means that the server has answered this connection's hello. What is sent reaches the engine's buffer or
 * nothing (T1), in order with the app's own packets (T6); what arrives older than the server's `maxAge` is dropped (G1).
 *
 * @param socket made by `io()`, connected or not.
 */
export function createSocketTransport(socket: Socket): Transport {
  /** From this connection's hello. */
  let clock: ServerClock | undefined
  /** A hello under way: until it is answered, what is shown may be old. */
  let greeting: Promise<SendFailure | undefined> | undefined
  /** Messages wait for it; whatever is sent meanwhile waits behind them (T6). */
  let gate: typeof greeting

  /** The clock, while it holds. */
  const known = () =>
    socket.connected && clock && Math.abs(Date.now() - performance.now() - clock.drift) < CLOCK_JUMP_THRESHOLD
      ? clock
      : undefined
  const state = () => (known() && !greeting ? 'online' : socket.active ? 'connecting' : 'offline')
  const update = () => connection.setState(state())

  const subscriptions = createSubscriptions((key, conversation) => {
    if (known()) void write([SUBSCRIBE, [conversation], subscriptions.conversations.has(key)])
  })

  const hear = (packet: ServerPacket) => {
    const [event, at, conversation, first, second, third] = packet
    if (![MESSAGE, TYPISTS, REFUSED].includes(event)) return
    const server = known()
    // A void clock cannot judge: the next one does.
    if (!server) void greet().then((problem) => problem ?? hear(packet))
    // What is shown may be as old (R5).
    else if (performance.now() + server.offset - at > server.maxAge) void greet()
    else
      subscriptions.notify(conversation, (on) => {
        if (event === MESSAGE) {
          on.message({
            conversation,
            command: first as string,
            data: decodeData(second as string),
            from: third as User,
          })
        } else if (event === TYPISTS) {
          const typists = second as readonly WireTypist[]
          on.typists({
            typists: typists.map((typist) => ({ activity: 'typing', ...typist })),
            total: first as number,
          })
        } else on.refused?.(first as SendFailure)
      })
  }
  const [write, hearPacket, endRequests] = createRequests(socket, hear)

  const hello = async () => {
    const asked = performance.now()
    const answer = (await write([HELLO, PROTOCOL_VERSION], noAnswer)) as Welcome | SendFailure
    // Its connection or its use has ended.
    if (answer === offline) return answer
    greeting = undefined
    if (answer.ok) {
      const now = performance.now()
      // The newest hello counts: clocks drift, and it is said again only when the one before is in doubt.
      clock = { ...answer, offset: answer.time - (asked + now) / 2, drift: Date.now() - now }
      void write([SUBSCRIBE, [...subscriptions.conversations.values()]])
      update()
      return undefined
    }
    clock = undefined
    if (answer === noAnswer) {
      if (process.env.NODE_ENV !== 'production') console.warn(answer.message)
      look()
    } else for (const to of subscriptions.conversations.values()) subscriptions.notify(to, (on) => on.refused?.(answer))
    return answer
  }
  const greet = () => {
    greeting ??= hello()
    update()
    return greeting
  }

  /** Looks whether the server has to be greeted, on whatever may have changed that. */
  const look = () => {
    if (socket.connected && !known()) void greet()
    if (known()?.tellActive && isPageVisible()) void write([ACTIVE])
    update()
  }
  const forget = () => {
    clock = greeting = undefined
    endRequests()
    update()
  }

  const wire = (method: 'on' | 'off') => {
    socket[method]('connect', look)
    socket[method]('disconnect', forget)
    socket[method]('connect_error', update)
    socket.io[method]('packet', hearPacket)
    // No event tells that the clock has been set: found out with the server's next ping.
    socket.io[method]('ping', look)
  }
  /** Awake is who watches the connection. */
  const connection = createLifecycleStore<ConnectionState>('connecting', () => {
    wire('on')
    const unwatchPage = watchPageVisibility({ onVisibilityChange: look, onPageHide: look })
    look()
    return () => {
      wire('off')
      unwatchPage()
      forget()
    }
  })
  const wake = () => connection.subscribe(() => {})

  return {
    async send({ conversation, command, data, priority }, { confirm = true } = {}) {
      if (!socket.connected) return offline
      const moment = performance.now()
      const sleep = wake()
      let result: SendResult | Promise<SendResult>
      try {
        let problem: SendFailure | undefined
        if (gate || !known()) {
          problem = await (gate ??= greet())
          gate = undefined
        }
        const server = known()
        const at = server && Math.round(moment + server.offset)
        const text = server ? encodeData(data, server.maxBytes) : (problem ?? offline)
        if (typeof text !== 'string') result = text
        else if (command !== TYPING_COMMAND) {
          result = write([SEND, at, command, text, conversation, priority], confirm && noAnswer)
        }
        // A lease is answered only when it is refused, and giving one back not at all.
        else {
          const { ttl, activity } = data as TypingLease
          result = write([LEASE, at, ttl, activity, conversation], ttl > 0 && ok)
        }
        if (confirm) await result
      } catch (error) {
        result = notJson(error)
      }
      sleep()
      return result
    },
    subscribe(conversation, on) {
      const leave = subscriptions.add(conversation, on)
      const sleep = wake()
      return () => {
        leave()
        sleep()
      }
    },
    connection: { ...connection, getState: state },
  }
}
