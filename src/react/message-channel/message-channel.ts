import type { SendOptions } from '../../core/client.ts'
import type { Conversation } from '../../core/message/conversation.ts'
import { failure } from '../../core/message/failure.ts'
import type { OnlineMessage, SendResult } from '../../core/message/message.ts'
import { reportFailure } from '../../core/report-failure.ts'
import type { StandardResult, StandardSchemaV1 } from './standard-schema.ts'
import { createThrottle } from './throttle.ts'
import type { Latest } from '../hooks/use-conversation.ts'

export interface ChannelOptions<Data> {
  /** Called with each message that arrives. The newest function is called; it need not be memoized. */
  readonly onMessage?: ((message: OnlineMessage<Data>) => void) | undefined
  /**
   * Checks what arrives: any Standard Schema, such as one of zod, valibot or arktype. What does not fit is dropped, and
   * reported to the client's `onError`.
   * @default nothing is checked
   */
  readonly schema?: StandardSchemaV1<unknown, Data> | undefined
  /**
   * Least time between two messages sent, in milliseconds. The newest value wins, and the last one is always sent, on
   * unmount too; who waits for a value that was replaced gets the result of the one that replaced it.
   * @default 0
   */
  readonly throttle?: number | undefined
}

/** A client for any command: what an app has declared is checked by the hook's own types. */
interface AnyClient {
  send(conversation: Conversation, command: string, data: unknown, options?: SendOptions): Promise<SendResult>
  subscribe(conversation: Conversation, command: string, listener: (message: OnlineMessage) => void): () => void
}

/**
 * Sends and hears one command in one conversation.
 *
 * @param conversation `null` when none is chosen: nothing is sent or heard.
 * @returns the function that sends; and what hears, if anybody wants to, and sends at its end what was held back.
 */
export function createChannel<Data>(
  client: AnyClient,
  conversation: Conversation | null,
  latest: Latest<ChannelOptions<Data>>,
  command: string,
): readonly [(data?: Data, options?: SendOptions) => Promise<SendResult>, () => () => void] {
  const [send, flush] = createThrottle(
    async (data?: Data, options?: SendOptions): Promise<SendResult> =>
      conversation
        ? client.send(conversation, command, data, options)
        : failure('invalid', 'No conversation: choose one.'),
    () => latest.current.throttle ?? 0,
  )

  const listen = (to: Conversation) => {
    let listening = true
    /** The last check of a schema that takes its time, and of those before it: the order is kept. */
    let checks: Promise<StandardResult<Data>> | undefined

    const leave = client.subscribe(to, command, ({ data, ...message }) => {
      const deliver = ({ issues, value }: StandardResult<Data>) => {
        // A schema may answer when nobody listens any more (G1).
        if (!listening) return
        if (issues) {
          const why = `Schema: ${String(issues[0]?.message)}. Mend the sender.`
          reportFailure(client, { conversation: to, command, failure: failure('invalid', why) })
        } else latest.current.onMessage?.({ ...message, data: value })
      }
      const result = latest.current.schema?.['~standard'].validate(data) ?? { value: data as Data }
      if (checks || 'then' in result) {
        const checked = Promise.resolve(result).catch((error: unknown) => ({ issues: [error as Error] }))
        checks = Promise.all([checked, checks]).then(([newest]) => newest)
        void checks.then(deliver)
      } else deliver(result)
    })
    return () => {
      listening = false
      leave()
    }
  }

  return [
    send,
    () => {
      const leave = conversation && latest.current.onMessage && listen(conversation)
      return () => {
        leave?.()
        flush()
      }
    },
  ]
}
