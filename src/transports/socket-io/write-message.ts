import { TYPING_COMMAND } from '../../core/message/commands.ts'
import { isFailure } from '../../core/message/failure.ts'
import { encodeData, notJson } from '../../core/message/json.ts'
import type { SendResult } from '../../core/message/send-result.ts'
import type { OutgoingMessage } from '../../core/transport/transport.ts'
import { LEASE, SEND } from '../../core/transport/wire.ts'
import { parseLease } from '../../core/typing/typing.ts'
import type { GreetedServer } from './greeting.ts'
import type { Requests } from './requests.ts'

/** What `writeMessage` needs besides the message. */
export interface WriteOptions {
  readonly requests: Requests
  readonly server: GreetedServer
  /** When the app sent the message, by `performance.now()`. */
  readonly sentAt: number
  /** Whether the server is asked for an answer to a message. */
  readonly confirm: boolean
}

/** Writes a message of an app or a typing lease now, or answers at once why it cannot be written. It never throws (T2). */
export function writeMessage(message: OutgoingMessage, options: WriteOptions): SendResult | Promise<SendResult> {
  const { conversation, command, priority } = message
  const { requests, server, sentAt, confirm } = options
  const stamp = Math.round(server.clock.serverTimeAt(sentAt))
  try {
    if (command === TYPING_COMMAND) {
      const { ttl, activity } = parseLease(message.data)
      // The server answers a lease only to refuse it, and a release not at all.
      const answer = ttl > 0 ? 'only-refusals' : 'none'
      return requests.write([LEASE, stamp, ttl, activity, conversation], { answer })
    }

    const data = encodeData(message.data, server.maxBytes)
    if (isFailure(data)) return data
    const answer = confirm ? 'expected' : 'none'
    return requests.write([SEND, stamp, command, data, conversation, priority], { answer })
  } catch (error) {
    // The parser cannot encode the conversation, the command or the priority of an untyped caller.
    return notJson(error)
  }
}
