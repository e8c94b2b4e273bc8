'use client'

import { useContext, useEffect, useInsertionEffect, useMemo, useRef } from 'react'
import type { OnlineMessageClient } from '../../core/client.ts'
import type { Conversation } from '../../core/message/conversation.ts'
import { missing, Provided } from './use-online-message-client.ts'

/** The options of the newest render. */
export interface Latest<Options> {
  readonly current: Options
}

/**
 * What every hook with a conversation does. It makes something for the client and the conversation, once for as long as
 * both stay the same: an app may write a new conversation object in each render. The connection is kept watched, so that
 * the first message sent finds it online.
 *
 * Without a conversation it needs no provider either.
 *
 * @param make is inert and the same function in each render. It gives what the hook returns, and what is to run while
 * the component is mounted.
 * @param about makes another one when it changes.
 * @param phase runs it anew when it changes.
 */
export function useConversation<Made, Options, About>(
  conversation: Conversation | null | undefined,
  make: (
    client: OnlineMessageClient,
    conversation: Conversation | null,
    latest: Latest<Options>,
    about: About,
  ) => readonly [made: Made, run?: () => (() => void) | undefined],
  options: Options,
  about: About,
  phase?: boolean,
): Made {
  const { client = conversation && missing() } = useContext(Provided)
  const { user, group, thread } = conversation ?? {}
  const latest = useLatest(options)
  const [made, run] = useMemo(
    // Without a conversation no client is used.
    () => make(client as never, user || group ? ({ user, group, thread } as Conversation) : null, latest, about),
    [make, client, user, group, thread, latest, about],
  )
  useEffect(() => client?.connection.subscribe(() => {}), [client])
  useEffect(() => run?.(), [run, phase])
  return made
}

function useLatest<Options>(options: Options): Latest<Options> {
  const ref = useRef(options)
  // Before all other effects, so that none of them finds the options of the last render.
  useInsertionEffect(() => {
    ref.current = options
  })
  return ref
}
