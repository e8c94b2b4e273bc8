'use client'

import type { ConnectionState } from '../../core/transport/transport.ts'
import { useOnlineMessageClient } from './use-online-message-client.ts'
import { useStore } from './use-store.ts'

/** Whether online messages can come and go now: `connecting`, `online` or `offline`. */
export const useConnection = (): ConnectionState => useStore(useOnlineMessageClient().connection)
