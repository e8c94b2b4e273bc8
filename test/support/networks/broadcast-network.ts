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
  /** How many times the page is watched now. */
  countWatchers(): number
  close(): void
}

export function openTab(user: User, channel: string): Tab {
  const page = new EventTarget()
  let watchers = 0

  /** Runs a part of the test in this tab: what it calls finds the page of this tab, and no other. */
  const inTab = <Result>(run: () => Result): Result => {
    vi.stubGlobal('addEventListener', (type: string, listener: () => void, isCapturing: boolean) => {
      page.addEventListener(type, listener, isCapturing)
      if (type === 'pagehide') watchers++
    })
    vi.stubGlobal('removeEventListener', (type: string, listener: () => void, isCapturing: boolean) => {
      page.removeEventListener(type, listener, isCapturing)
      if (type === 'pagehide') watchers--
    })
    const result = run()
    vi.unstubAllGlobals()
    return result
  }

  const transport = createBroadcastChannelTransport({ user, channel })
  // A transport watches its page from its first subscriber to its last: both have to be in the tab.
  const stopRunning = inTab(() => keepRunning(transport.connection))
  return {
    transport,
    dispatch: (event) => page.dispatchEvent(new Event(event)),
    countWatchers: () => watchers,
    close: () => inTab(stopRunning),
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
