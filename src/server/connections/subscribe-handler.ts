import type { Conversation } from '../../core/message/conversation.ts'
import { isFailure } from '../../core/message/failure.ts'
import type { SendFailure } from '../../core/message/send-result.ts'
import { invalidConversation } from '../../core/message/validation-failures.ts'
import { settle } from '../../core/settle.ts'
import { connectionTooFast, listTooLong, MAX_LIST } from '../refusals.ts'
import { type ClientEvent, createRefusePacket, type Handler, type HandlersOptions } from './client-event.ts'
import type { Connection } from './connection.ts'
import { parseConversations } from './parse-packet.ts'
import { runBeside } from './user-task.ts'
import { isClogged } from './writer.ts'

/** Handles the event that subscribes to all conversations of a list, or unsubscribes from them. */
export function createSubscribeHandler(options: HandlersOptions): Handler {
  const { hub, counters, limits, writeRefused } = options
  const refuse = createRefusePacket(counters)

  function subscribe({ connection, args, answer }: ClientEvent): void {
    // The client subscribes again after its hello.
    if (connection.mustSayHello) return
    const [list, on] = args
    const { conversations, invalidCount } = parseConversations(list)
    if (conversations.length > MAX_LIST) {
      answer(refuse(connection, listTooLong(conversations.length)))
      return
    }
    // An invalid one is not sent back: nobody knows what the encoder would do with it.
    for (let count = 0; count < invalidCount; count++) answer(refuse(connection, invalidConversation))
    if (on === false) unsubscribeFrom(connection, conversations)
    else subscribeTo(connection, conversations)
  }

  /** It costs little, and it is never refused: who does not want a conversation must not be left with it. */
  function unsubscribeFrom(connection: Connection, conversations: readonly Conversation[]): void {
    runBeside({
      connection,
      onRefused: () => {},
      run(device) {
        for (const conversation of conversations) hub.unsubscribe(device, conversation)
      },
    })
  }

  /** Each conversation is accepted, or refused by an event of its own. */
  function subscribeTo(connection: Connection, conversations: readonly Conversation[]): void {
    // Nothing more for a client that does not read what it has caused.
    const tell = isClogged(connection.socket) ? () => {} : writeRefused
    const refuseOne = (conversation: Conversation, reason: SendFailure) => {
      // What is refused is not subscribed to, also if it was before.
      if (connection.device) hub.unsubscribe(connection.device, conversation)
      tell(connection, conversation, refuse(connection, reason, conversation))
    }

    const withinRate: Conversation[] = []
    for (const conversation of conversations) {
      if (limits.takeSubscription(connection)) withinRate.push(conversation)
      else refuseOne(conversation, connectionTooFast)
    }

    runBeside({
      connection,
      onRefused(reason) {
        for (const conversation of withinRate) refuseOne(conversation, reason)
      },
      run(device) {
        const pending: Promise<void>[] = []
        for (const conversation of withinRate) {
          const subscribed = settle(hub.subscribe(device, conversation), (result) => {
            if (isFailure(result)) tell(connection, conversation, result)
          })
          if (subscribed instanceof Promise) pending.push(subscribed)
        }
        return pending.length > 0 ? Promise.all(pending) : undefined
      },
    })
  }

  return subscribe
}
