'use client'

import { useStore } from 'zustand'
import type { ConnectionState } from '../../core/transport/transport.ts'
import { useOnlineMessageClient } from './use-online-message-client.ts'

/** Whether online messages can be sent and received now: `connecting`, `online` or `offline`. */
export const useConnection = (): ConnectionState => useStore(useOnlineMessageClient().connection)
