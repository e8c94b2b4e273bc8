'use client'

import { type ReactElement, type ReactNode, useMemo } from 'react'
import type { OnlineMessageClient } from '../core/client.ts'
import type { TypingLocale } from '../core/language/locale.ts'
import { OnlineMessageContext } from './context.ts'

/** What `OnlineMessageProvider` takes. */
export interface OnlineMessageProviderProps {
  /** What `createOnlineMessageClient` returned. Create it once, outside of the component. */
  readonly client: OnlineMessageClient
  /**
   * The badge's language: one of `react-online-message/locales` or your own.
   * @default English
   */
  readonly locale?: TypingLocale | undefined
  /** Everything that uses the client. */
  readonly children?: ReactNode
}

/** Gives the client to every hook and badge below it. Rendering it connects nothing. */
export function OnlineMessageProvider({ client, locale, children }: OnlineMessageProviderProps): ReactElement {
  const value = useMemo(() => ({ client, locale }), [client, locale])
  return <OnlineMessageContext.Provider value={value}>{children}</OnlineMessageContext.Provider>
}
