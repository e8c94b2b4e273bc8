import { randomUUID } from 'node:crypto'
import { vi } from 'vitest'
import type { Transport, User } from '../../../src/core/index.ts'
import type { ContractCarrier } from '../../../src/testing/index.ts'
import { createBroadcastChannelTransport } from '../../../src/transports/broadcast-channel/index.ts'

/** A tab of its own in this process: what Node lacks of a page is played, the channels are Node's. */
export interface Tab {
  readonly transport: Transport
  /** Lets something happen to the tab: `pagehide`, `pageshow`, `freeze`, `resume`. */
  happens(event: string): void
  /** How many watch the page now. */
  watchers(): number
}

export function openTab(user: User, channel: string): Tab & { close(): void } {
  const page = new EventTarget()
  const live = new Set<AbortSignal>()
  vi.stubGlobal('addEventListener', (type: string, listener: () => void, options: { readonly signal: AbortSignal }) => {
    const { signal } = options
    page.addEventListener(type, listener, options)
    live.add(signal)
    signal.addEventListener('abort', () => live.delete(signal))
  })
  const transport = createBroadcastChannelTransport({ user, channel })
  // Awake it watches the page, and that is the one there is at this moment.
  const close = transport.connection.subscribe(() => {})
  vi.unstubAllGlobals()
  return { transport, happens: (event) => page.dispatchEvent(new Event(event)), watchers: () => live.size, close }
}

/** The tabs of one browser. Being put away is what takes one off the network. */
export function broadcastCarrier(): ContractCarrier {
  const channel = randomUUID()
  const ends: (() => void)[] = []
  return {
    join(user) {
      const { transport, happens, close } = openTab(user, channel)
      ends.push(close)
      return { transport, disconnect: () => happens('pagehide'), reconnect: () => happens('pageshow') }
    },
    close() {
      for (const end of ends) end()
    },
  }
}
