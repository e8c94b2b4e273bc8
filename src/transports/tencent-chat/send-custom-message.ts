import { ANSWER_TIMEOUT } from '../../core/constants.ts'
import type { Conversation } from '../../core/message/conversation.ts'
import type { Priority } from '../../core/message/message.ts'
import type { SendResult } from '../../core/message/send-result.ts'
import type { ReadonlyStore } from '../../core/readonly-store.ts'
import type { ConnectionState } from '../../core/transport/transport.ts'
import { broken, noAnswer, refusalOf } from './results.ts'
import { type ChatSDK, GROUP, ONE_TO_ONE, PRIORITIES } from './sdk.ts'

/** A custom message for the SDK. */
export interface CustomMessage {
  readonly conversation: Conversation
  /** Its `payload.data`. */
  readonly text: string
  readonly priority: Priority
}

/**
 * Gives a custom message to the SDK within the call, as an online message without a push. It waits at most 5 s for the
 * answer, and not longer than the connection lasts. It never rejects (T2).
 */
export function sendCustomMessage(
  chat: ChatSDK,
  connection: ReadonlyStore<ConnectionState>,
  { conversation, text, priority }: CustomMessage,
): Promise<SendResult> {
  return new Promise((resolve) => {
    const finish = (result: SendResult) => {
      clearTimeout(timer)
      unsubscribe()
      resolve(result)
    }
    const timer = setTimeout(() => finish(noAnswer), ANSWER_TIMEOUT)
    const unsubscribe = connection.subscribe((state) => {
      if (state !== 'online') finish(broken)
    })
    try {
      const message = chat.createCustomMessage({
        to: conversation.user ?? conversation.group,
        conversationType: conversation.user === undefined ? GROUP : ONE_TO_ONE,
        priority: PRIORITIES[priority],
        payload: { data: text, description: '', extension: '' },
      })
      chat.sendMessage(message, { onlineUserOnly: true, offlinePushInfo: { disablePush: true } }).then(
        () => finish({ ok: true }),
        (error: unknown) => finish(refusalOf(error)),
      )
    } catch (error) {
      finish(refusalOf(error))
    }
  })
}
