'use client'

import { useEffect, useMemo } from 'react'
import type { SendArguments } from '../../core/client.ts'
import type { OnlineMessageCommands } from '../../core/message/commands.ts'
import type { Conversation } from '../../core/message/conversation.ts'
import type { SendResult } from '../../core/message/send-result.ts'
import { type ChannelOptions, createMessageChannel } from '../message-channel/message-channel.ts'
import { useConversation } from './use-conversation.ts'
import { useLatest } from './use-latest.ts'

/** The commands that an app has declared. */
type Declared = keyof OnlineMessageCommands & string

/** Any command, for an app that has declared none. */
type Undeclared = [Declared] extends [never] ? string : never

/** What `useOnlineMessage` takes. */
export interface UseOnlineMessageOptions<
  Data = unknown,
  Name extends string = Undeclared,
> extends ChannelOptions<Data> {
  /** May be a new object in each render, or `null` while none is chosen: then nothing is sent or received. */
  readonly conversation: Conversation | null
  /** The kind of message. An app that has declared its commands in `OnlineMessageCommands` gives one of those. */
  readonly command: Name
}

/**
 * Sends to whoever is online now. It never rejects and never queues (T1, T2).
 *
 * @param args the data, and the options of this message.
 */
export type SendOnlineMessage<Data> = (...args: SendArguments<Data>) => Promise<SendResult>

/**
 * Sends and receives one kind of online message in one conversation.
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
  const chosen = useConversation(conversation)
  const getOptions = useLatest<ChannelOptions<Data>>(options)
  const { send, subscribe, flush } = useMemo(
    () => createMessageChannel(chosen, command, getOptions),
    [chosen, command, getOptions],
  )

  const isReceiver = Boolean(onMessage)
  useEffect(() => (isReceiver ? subscribe() : undefined), [isReceiver, subscribe])
  useEffect(() => flush, [flush])
  return send
}
