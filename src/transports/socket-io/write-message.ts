import { TYPING_COMMAND } from '../../core/message/commands.ts'
import { conversationKey } from '../../core/message/conversation.ts'
import { isFailure } from '../../core/message/failure.ts'
import { encodeData, notJson } from '../../core/message/json.ts'
import type { SendResult } from '../../core/message/send-result.ts'
import type { OutgoingMessage } from '../../core/transport/transport.ts'
import { LEASE, SEND } from '../../core/transport/wire.ts'
import { parseLease } from '../../core/typing/typing.ts'
import type { GreetedServer } from './greeting.ts'
import type { Requests } from './requests.ts'
import type { SharedLeases } from './shared-leases.ts'

/** What `writeMessage` needs besides the message. */
export interface WriteOptions {
  readonly requests: Requests
  readonly server: GreetedServer
  /** The leases of all clients on the socket. */
  readonly leases: SharedLeases
  /** The client that sends. */
  readonly owner: object
  /** When the app sent the message, by `performance.now()`. */
  readonly sentAt: number
  /** Whether the server is asked for an answer to a message. */
  readonly confirm: boolean
}

/** Writes a message of an app or a typing lease now, or answers at once why it cannot be written. It never throws (T2). */
export function writeMessage(message: OutgoingMessage, options: WriteOptions): SendResult | Promise<SendResult> {
  try {
    return message.command === TYPING_COMMAND ? writeLease(message, options) : writeSend(message, options)
  } catch (error) {
    // The parser cannot encode the conversation, the command or the priority of an untyped caller.
    return notJson(error)
  }
}

function writeLease(message: OutgoingMessage, options: WriteOptions): Promise<SendResult> {
  const { conversation, data } = message
  const { requests, server, leases, owner, sentAt } = options
  const key = conversationKey(conversation)
  const { ttl, activity } = leases.update({ owner, key, lease: parseLease(data) })
  // The server answers a lease only to refuse it, and a release not at all.
  const answer = ttl > 0 ? 'only-refusals' : 'none'
  const written = requests.write([LEASE, server.clock.stamp(sentAt), ttl, activity, conversation], { answer })
  return written.then((result) => {
    if (isFailure(result)) leases.remove(owner, key)
    return result
  })
}

function writeSend(message: OutgoingMessage, options: WriteOptions): SendResult | Promise<SendResult> {
  const { conversation, command, priority } = message
  const { requests, server, sentAt, confirm } = options
  const data = encodeData(message.data, server.maxBytes)
  if (isFailure(data)) return data
  const answer = confirm ? 'expected' : 'none'
  return requests.write([SEND, server.clock.stamp(sentAt), command, data, conversation, priority], { answer })
}
