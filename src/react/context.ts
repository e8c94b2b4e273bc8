'use client'

import { type Context, createContext, useContext } from 'react'
import type { OnlineMessageClient } from '../core/client.ts'
import { createError } from '../core/errors.ts'
import type { TypingLocale } from '../core/language/locale.ts'
import { sharedByCopies } from '../core/shared-by-copies.ts'

/** What an `OnlineMessageProvider` gives to everything below it. */
interface Provided {
  readonly client: OnlineMessageClient
  readonly locale: TypingLocale | undefined
}

type ProvidedContext = Context<Provided | undefined>

/**
 * What the nearest provider gives. Without a provider it is `undefined`. Copies of this package that use one React have one
 * context, so that the hooks of each find the provider of any.
 */
export const OnlineMessageContext: ProvidedContext = /* @__PURE__ */ findOrCreateContext()

function findOrCreateContext(): ProvidedContext {
  // A page can have two Reacts: each has its own `createContext`, and needs a context of its own.
  const contexts = sharedByCopies<typeof createContext, ProvidedContext>('contexts')
  const context = contexts.get(createContext) ?? createContext<Provided | undefined>(undefined)
  contexts.set(createContext, context)
  return context
}

/** The provider's client, or `undefined` without a provider. */
export const useOptionalClient = (): OnlineMessageClient | undefined => useContext(OnlineMessageContext)?.client

/** @throws Error always: there is no provider, or it has no client yet, and a client is needed. */
export function throwNoClient(): never {
  throw createError(Error, 'no-provider', 'No OnlineMessageProvider with a client: wrap the app in one.')
}
