'use client'

import type { SendArguments } from '../../core/client.ts'
import type { OnlineMessageCommands } from '../../core/message/commands.ts'
import type { Conversation } from '../../core/message/conversation.ts'
import type { SendResult } from '../../core/message/message.ts'
import { type ChannelOptions, createChannel } from '../message-channel/message-channel.ts'
import { useConversation } from './use-conversation.ts'

type Declared = keyof OnlineMessageCommands & string

/** The names an app may use which has declared none: any. */
type Undeclared = [Declared] extends [never] ? string : never

/** What `useOnlineMessage` takes. */
export interface UseOnlineMessageOptions<
  Data = unknown,
  Name extends string = Undeclared,
> extends ChannelOptions<Data> {
  /** May be a new object in each render, or `null` while none is chosen: then nothing is sent or heard. */
  readonly conversation: Conversation | null
  /** What kind of message it is. With a declaration in `OnlineMessageCommands` it is one of the declared names. */
  readonly command: Name
}

/**
 * Sends to whoever is online now. Never rejects, never queues (T1, T2).
 *
 * @param args the data, and how this one is sent.
 */
export type SendOnlineMessage<Data> = (...args: SendArguments<Data>) => Promise<SendResult>

/**
 * Sends and hears one kind of online message in one conversation.
 *
 * ```tsx
 * const react = useOnlineMessage({ conversation, command: 'reaction', onMessage: ({ data, from }) => show(data, from) })
 * return <button onClick={() => void react({ emoji: '👍' })}>👍</button>
 * ```
 *
 * @returns the function that sends. It stays the same while client, conversation and command do.
 */
export function useOnlineMessage<Name extends Declared>(
  options: UseOnlineMessageOptions<OnlineMessageCommands[Name], Name>,
): SendOnlineMessage<OnlineMessageCommands[Name]>
export function useOnlineMessage<Data = unknown>(options: UseOnlineMessageOptions<Data>): SendOnlineMessage<Data>
export function useOnlineMessage<Data>(
  options: ChannelOptions<Data> & { conversation: Conversation | null; command: string },
): SendOnlineMessage<Data> {
  const { conversation, command, onMessage } = options
  return useConversation(conversation, createChannel<Data>, options, command, !!onMessage)
}
