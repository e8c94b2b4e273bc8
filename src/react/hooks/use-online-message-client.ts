'use client'

import type { OnlineMessageClient } from '../../core/client.ts'
import { throwNoProvider, useOptionalClient } from '../context.ts'

/**
 * The provider's client: to call `clearTypist` when a message arrives, and for everything else that needs no hook.
 *
 * @throws Error when there is no OnlineMessageProvider above.
 */
export const useOnlineMessageClient = (): OnlineMessageClient => useOptionalClient() ?? throwNoProvider()
