'use client'

import { useEffect, useMemo } from 'react'
import type { OnlineMessageClient } from '../../core/client.ts'
import type { Conversation } from '../../core/message/conversation.ts'
import { throwNoClient, useOptionalClient } from '../context.ts'

/** A conversation, and the client that sends to it and receives from it. */
export interface ClientConversation {
  readonly client: OnlineMessageClient
  readonly conversation: Conversation
}

/**
 * Pairs a conversation with the provider's client. The result stays the same object while client, user, group and thread
 * do: an app may write a new conversation object in each render.
 *
 * While the component is mounted it stays subscribed to the connection, so that the first message sent finds the client
 * online.
 *
 * @returns `undefined` without a conversation, which needs no provider either.
 * @throws Error when there is a conversation, and no OnlineMessageProvider with a client above.
 */
export function useConversation(conversation: Conversation | null): ClientConversation | undefined {
  const client = useOptionalClient()
  if (conversation && !client) throwNoClient()

  useEffect(() => client?.connection.subscribe(() => {}), [client])

  const { user, group, thread } = conversation ?? {}
  return useMemo(() => {
    const isChosen = Boolean(user) || Boolean(group)
    if (!client || !isChosen) return undefined
    // The compiler does not see that these three come from one conversation.
    return { client, conversation: { user, group, thread } as Conversation }
  }, [client, user, group, thread])
}
