import { createStore } from 'zustand/vanilla'
import { TYPING_COMMAND } from '../../core/message/commands.ts'
import { type Conversation, parseConversation } from '../../core/message/conversation.ts'
import { decodeData } from '../../core/message/json.ts'
import { failure } from '../../core/message/failure.ts'
import type { SendFailure } from '../../core/message/message.ts'
import { createSubscriptions } from '../../core/transport/subscriptions.ts'
import type { ConnectionState, Transport } from '../../core/transport/transport.ts'
import { parseActivity, parseLease } from '../../core/typing/typing.ts'
import type { User } from '../../core/message/user.ts'
import { checkOutgoing } from '../../core/transport/local-validation.ts'
import { MESSAGE, TYPISTS, type WireTypist } from '../../core/transport/wire.ts'
import { serverNow } from '../clock.ts'
import { createDevice } from './device.ts'
import type { Frame } from '../connections/frame.ts'
import type { Settings } from '../options.ts'
import { badConversation } from '../connections/parse-packet.ts'
import type { Hub } from '../hub.ts'

const closed = failure('offline', 'The plug-in has been closed. Call attachOnlineMessages again.')

/** A bot's transport, and how to end it. */
export interface Bot {
  readonly transport: Transport
  close(): void
}

/** Makes a bot: an ordinary user, asked for permission like any other, whose device is this process. */
export function createBot(user: User, settings: Settings, switchboard: Hub): Bot {
  const connection = createStore<ConnectionState>(() => 'online')
  const device = createDevice(user, (frame) => {
    // Never within the sender's own call: a bot that answers would answer before it is asked.
    queueMicrotask(() => receive(frame.args))
  })
  switchboard.add(device)

  const subscriptions = createSubscriptions((key, conversation) => {
    if (connection.getState() !== 'online') return
    if (!subscriptions.conversations.has(key)) switchboard.unsubscribe(device, conversation)
    else void tellRefused(conversation, switchboard.subscribe(device, conversation))
  })

  async function tellRefused(conversation: Conversation, answer: ReturnType<Hub['subscribe']>): Promise<void> {
    const refusal = await answer
    if (refusal) subscriptions.notify(conversation, (on) => on.refused?.(refusal))
  }

  function receive([event, ...args]: Frame['args']): void {
    if (device.gone) return
    const [, conversation] = args as [number, Conversation]
    if (event === MESSAGE) {
      const [, , command, data, from] = args as [number, Conversation, string, string, User]
      const message = { conversation, command, data: decodeData(data), from }
      subscriptions.notify(conversation, (on) => on.message(message))
    } else if (event === TYPISTS) {
      const [, , total, list] = args as [number, Conversation, number, readonly WireTypist[]]
      const typists = list.map((typist) => ({ ...typist, activity: parseActivity(typist.activity) }))
      subscriptions.notify(conversation, (on) => on.typists({ typists, total }))
    } else {
      const [, , refusal] = args as [number, Conversation, SendFailure]
      subscriptions.notify(conversation, (on) => on.refused?.(refusal))
    }
  }

  return {
    transport: {
      connection,
      async send(message) {
        if (connection.getState() !== 'online') return closed
        const checked = checkOutgoing(message, settings.maxBytes)
        if ('ok' in checked) return checked
        const { conversation, command, data } = checked
        const { priority = 'normal' } = message
        const at = serverNow()
        if (command === TYPING_COMMAND) {
          const { ttl, activity } = parseLease(message.data)
          return (await switchboard.lease(device, at, ttl, activity, conversation)) ?? { ok: true }
        }
        return new Promise((resolve) => {
          void switchboard.send(device, { at, command, data, conversation, priority }, resolve)
        })
      },
      subscribe(where, on) {
        const conversation = parseConversation(where)
        if (conversation) return subscriptions.add(conversation, on)
        on.refused?.(badConversation)
        return () => {}
      },
    },
    close() {
      switchboard.remove(device)
      connection.setState('offline', true)
    },
  }
}
