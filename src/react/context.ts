'use client'

import { type Context, createContext, useContext } from 'react'
import type { OnlineMessageClient } from '../core/client.ts'
import type { TypingLocale } from '../core/language/locale.ts'

/** What an `OnlineMessageProvider` gives to everything below it. */
interface Provided {
  readonly client: OnlineMessageClient
  readonly locale: TypingLocale | undefined
}

/** What the nearest provider gives. Without a provider it is `undefined`. */
export const OnlineMessageContext: Context<Provided | undefined> = /* @__PURE__ */ createContext<Provided | undefined>(
  undefined,
)

/** The provider's client, or `undefined` without a provider. */
export const useOptionalClient = (): OnlineMessageClient | undefined => useContext(OnlineMessageContext)?.client

/** @throws Error always: there is no provider, or it has no client yet, and a client is needed. */
export function throwNoClient(): never {
  throw new Error('No OnlineMessageProvider with a client: wrap the app in one.')
}
