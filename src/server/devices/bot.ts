import { createStore } from 'zustand/vanilla'
import { TYPING_COMMAND } from '../../core/message/commands.ts'
import { type Conversation, parseConversation } from '../../core/message/conversation.ts'
import { failure, isFailure } from '../../core/message/failure.ts'
import type { SendResult } from '../../core/message/send-result.ts'
import type { User } from '../../core/message/user.ts'
import { invalidConversation } from '../../core/message/validation-failures.ts'
import { checkOutgoing } from '../../core/transport/local-validation.ts'
import { deliverServerEvent, parseServerEvent } from '../../core/transport/server-event.ts'
import { createSubscriptions } from '../../core/transport/subscriptions.ts'
import type { ConnectionState, Transport } from '../../core/transport/transport.ts'
import { parseLease } from '../../core/typing/typing.ts'
import { serverNow } from '../clock.ts'
import type { Frame } from '../connections/frame.ts'
import type { Hub } from '../hub.ts'
import { sendResult } from '../messages.ts'
import type { Settings } from '../options.ts'
import { createDevice } from './device.ts'

const serverClosed = failure('offline', 'The plug-in has been closed. Call attachOnlineMessages again.')

/** A bot's transport, and how to end the bot. */
export interface Bot {
  readonly transport: Transport
  close(): void
}

/** Makes a bot: an ordinary user, asked for permission like any other, whose device is this process. */
export function createBot(user: User, settings: Settings, hub: Hub): Bot {
  const connection = createStore<ConnectionState>(() => 'online')
  const device = createDevice(user, (frame) => {
    // Never within the sender's own call: a bot that answers would answer before it is asked.
    queueMicrotask(() => receive(frame))
  })
  hub.add(device)

  const isClosed = () => connection.getState() !== 'online'

  const subscriptions = createSubscriptions((key, conversation) => {
    if (isClosed()) return
    if (subscriptions.conversations.has(key)) void subscribe(conversation)
    else hub.unsubscribe(device, conversation)
  })

  async function subscribe(conversation: Conversation): Promise<void> {
    const result = await hub.subscribe(device, conversation)
    if (isFailure(result)) subscriptions.notify(conversation, (listener) => listener.refused?.(result))
  }

  function receive({ args }: Frame): void {
    if (device.gone) return
    const event = parseServerEvent(args)
    // A bot is who it is.
    if (event && event.type !== 'identity') deliverServerEvent(event, subscriptions)
  }

  return {
    transport: {
      connection,
      async send(message): Promise<SendResult> {
        if (isClosed()) return serverClosed
        const checked = checkOutgoing(message, settings.maxBytes)
        if (isFailure(checked)) return checked
        const { conversation, command, data } = checked
        const at = serverNow()
        if (command === TYPING_COMMAND) {
          const { ttl, activity } = parseLease(message.data)
          return hub.lease(device, { at, ttl, activity, conversation })
        }
        const priority = message.priority ?? 'normal'
        return sendResult(await hub.send(device, { at, command, data, conversation, priority }))
      },
      subscribe(where, listener) {
        const conversation = parseConversation(where)
        if (conversation) return subscriptions.add(conversation, listener)
        listener.refused?.(invalidConversation)
        return () => {}
      },
    },
    close() {
      hub.remove(device)
      connection.setState('offline', true)
    },
  }
}
