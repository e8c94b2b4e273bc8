import { randomUUID } from 'node:crypto'
import { vi } from 'vitest'
import type { Transport, User } from '../../../src/core/index.ts'
import { keepRunning } from '../../../src/core/transport/keep-running.ts'
import type { ContractNetwork } from '../../../src/testing/index.ts'
import { createBroadcastChannelTransport } from '../../../src/transports/broadcast-channel/index.ts'

/** A tab in this process. Its channels are Node's; its page is a fake, since Node has none. */
export interface Tab {
  readonly transport: Transport
  /** Dispatches an event to the page of the tab: `pagehide`, `pageshow`, `freeze`, `resume`. */
  dispatch(event: string): void
  /** How many listeners the page has now. */
  countListeners(): number
  close(): void
}

export function openTab(user: User, channel: string): Tab {
  const page = new EventTarget()
  const signals = new Set<AbortSignal>()
  vi.stubGlobal('addEventListener', (type: string, listener: () => void, options: { readonly signal: AbortSignal }) => {
    const { signal } = options
    page.addEventListener(type, listener, options)
    signals.add(signal)
    signal.addEventListener('abort', () => signals.delete(signal))
  })
  const transport = createBroadcastChannelTransport({ user, channel })
  // A transport watches its page from its first subscriber on: it has to find this one.
  const close = keepRunning(transport.connection)
  vi.unstubAllGlobals()
  return {
    transport,
    dispatch: (event) => page.dispatchEvent(new Event(event)),
    countListeners: () => signals.size,
    close,
  }
}

/** The tabs of one browser. A tab leaves the network when its page is hidden. */
export function broadcastNetwork(): ContractNetwork {
  const channel = randomUUID()
  const cleanups: (() => void)[] = []
  return {
    join(user) {
      const { transport, dispatch, close } = openTab(user, channel)
      cleanups.push(close)
      return { transport, disconnect: () => dispatch('pagehide'), reconnect: () => dispatch('pageshow') }
    },
    close() {
      for (const cleanUp of cleanups) cleanUp()
    },
  }
}
