import type { SendOptions } from '../../core/client.ts'
import type { Conversation } from '../../core/message/conversation.ts'
import { failure } from '../../core/message/failure.ts'
import type { OnlineMessage } from '../../core/message/message.ts'
import type { SendResult } from '../../core/message/send-result.ts'
import { reportFailure } from '../../core/report-failure.ts'
import type { StandardResult, StandardSchemaV1 } from './standard-schema.ts'
import { createThrottle } from './throttle.ts'

export interface ChannelOptions<Data> {
  /** Called with each message that arrives. The function of the latest render is called; it need not be memoized. */
  readonly onMessage?: ((message: OnlineMessage<Data>) => void) | undefined
  /**
   * Checks what arrives: any Standard Schema, for example one of Zod, Valibot or ArkType. Data that does not fit is
   * dropped and reported to the client's `onError`.
   * @default nothing is checked
   */
  readonly schema?: StandardSchemaV1<unknown, Data> | undefined
  /**
   * Shortest time between two sent messages, in milliseconds. The newest value replaces one that still waits, and both
   * calls get its result. The last value is always sent, also on unmount.
   * @default 0
   */
  readonly throttle?: number | undefined
}

/** The client, for any command: the hook's own types have checked the commands that an app has declared. */
interface UncheckedClient {
  send(conversation: Conversation, command: string, data: unknown, options?: SendOptions): Promise<SendResult>
  subscribe(conversation: Conversation, command: string, listener: (message: OnlineMessage) => void): () => void
}

/** Where a channel sends to and receives from. */
interface ChannelPlace {
  readonly client: UncheckedClient
  readonly conversation: Conversation
}

/** Sends and receives one command in one conversation. */
export interface MessageChannel<Data> {
  readonly send: (data?: Data, options?: SendOptions) => Promise<SendResult>
  /** Sends at once what the throttle holds back. */
  readonly flush: () => void
  /** Begins to receive, until the function that it returns is called. */
  readonly subscribe: () => () => void
}

/**
 * Creating a channel is inert: it does nothing before its first call.
 *
 * @param place `undefined` when no conversation is chosen: then nothing is sent or received.
 * @param getOptions reads the options of the latest render.
 */
export function createMessageChannel<Data>(
  place: ChannelPlace | undefined,
  command: string,
  getOptions: () => ChannelOptions<Data>,
): MessageChannel<Data> {
  const sendNow = async (data?: Data, options?: SendOptions): Promise<SendResult> => {
    if (!place) return failure('invalid', 'No conversation: choose one.')
    return place.client.send(place.conversation, command, data, options)
  }
  const throttled = createThrottle(sendNow, () => getOptions().throttle ?? 0)

  return {
    send: throttled.call,
    flush: throttled.flush,
    subscribe: () => (place ? subscribe(place, command, getOptions) : () => {}),
  }
}

function subscribe<Data>(
  { client, conversation }: ChannelPlace,
  command: string,
  getOptions: () => ChannelOptions<Data>,
): () => void {
  let isSubscribed = true
  /** Resolves after the latest check and all checks before it. It is set once a schema has answered with a promise. */
  let allChecks: Promise<StandardResult<Data>> | undefined

  const deliver = ({ data: _, ...message }: OnlineMessage, { issues, value }: StandardResult<Data>) => {
    // A schema may answer after the end of the subscription (G1).
    if (!isSubscribed) return
    if (issues) {
      const reason = String(issues[0]?.message)
      const problem = failure('invalid', `data does not fit the schema: ${reason}. Correct it where it is sent.`)
      reportFailure(client, { conversation, command, failure: problem })
      return
    }
    getOptions().onMessage?.({ ...message, data: value })
  }

  const unsubscribe = client.subscribe(conversation, command, (message) => {
    const { schema } = getOptions()
    const result = schema ? schema['~standard'].validate(message.data) : { value: message.data as Data }
    if (!allChecks && !('then' in result)) {
      deliver(message, result)
      return
    }
    // A message waits for the checks of those before it, so that the order is kept (T6).
    const check = Promise.resolve(result).catch((error: unknown) => ({ issues: [error as Error] }))
    allChecks = Promise.all([check, allChecks]).then(([latest]) => latest)
    void allChecks.then((checked) => deliver(message, checked))
  })

  return () => {
    isSubscribed = false
    unsubscribe()
  }
}
