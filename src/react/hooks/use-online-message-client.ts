'use client'

import { type Context, createContext, useContext } from 'react'
import type { OnlineMessageClient } from '../../core/client.ts'
import type { TypingLocale } from '../../core/language/locale.ts'

/** What the nearest provider was given; nothing without one. */
export const Provided: Context<{
  readonly client?: OnlineMessageClient
  readonly locale?: TypingLocale | undefined
}> = /* @__PURE__ */ createContext({})

/** There is no provider, and somebody needs one. */
export const missing = (): never => {
  throw new Error('No OnlineMessageProvider: wrap the app in one.')
}

/**
 * The provider's client: for `clearTypist` when a message arrives, and whatever else needs no hook.
 *
 * @throws Error when there is no OnlineMessageProvider above.
 */
export function useOnlineMessageClient(): OnlineMessageClient {
  return useContext(Provided).client ?? missing()
}
