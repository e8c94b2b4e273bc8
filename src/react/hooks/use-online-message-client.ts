'use client'

import type { OnlineMessageClient } from '../../core/client.ts'
import { throwNoClient, useOptionalClient } from '../context.ts'

/**
 * The provider's client: to call `clearTypist` when a message arrives, and for everything else that needs no hook.
 *
 * @throws Error when there is no OnlineMessageProvider with a client above.
 */
export const useOnlineMessageClient = (): OnlineMessageClient => useOptionalClient() ?? throwNoClient()
