import type { Namespace } from 'socket.io'
import { reachesOthers, receivesFromOthers } from './adapter-problem.ts'

/** The event between nodes. `envelope.ts` knows what its arguments mean. */
const BUS_EVENT = 'om:bus'

/** Carries packets from this node to all other nodes that are attached to the same namespace, and from them. */
export interface Bus {
  publish(packet: readonly unknown[]): void
  /**
   * @param onClose is called when Socket.IO closes its adapter: the app may close its Redis client next.
   * @returns the function that unsubscribes.
   */
  subscribe(listener: (packet: readonly unknown[]) => void, onClose: () => void): () => void
}

/**
 * The bus of a namespace, or `undefined` if its adapter knows of no other nodes. It is Socket.IO's `serverSideEmit`,
 * which is pub/sub or IPC: nothing is stored (G3). `adapterProblem` names the adapters for which that is not true.
 */
export function openBus(namespace: Namespace): Bus | undefined {
  if (!reachesOthers(namespace.adapter) || !receivesFromOthers(namespace)) return undefined
  // Socket.IO's types allow only the events that the app has declared.
  const events = namespace as unknown as Record<
    'on' | 'off',
    (event: string, listener: (...args: unknown[]) => void) => void
  >
  return {
    publish(packet) {
      try {
        // Not the namespace's own method: it drops the adapter's promise, which some adapters reject while Redis is down.
        const sent: unknown = namespace.adapter.serverSideEmit([BUS_EVENT, ...packet])
        if (sent instanceof Promise) sent.catch(ignore)
      } catch {
        // A packet that cannot be sent now is dropped: it is never sent later (G1).
      }
    },
    subscribe(listener, onClose) {
      const { adapter } = namespace
      const onPacket = (...packet: unknown[]) => listener(packet)
      const { close } = adapter
      // An adapter emits no event when it closes.
      const closeWithBus = () => {
        onClose()
        return close.call(adapter)
      }
      events.on(BUS_EVENT, onPacket)
      adapter.close = closeWithBus
      return () => {
        events.off(BUS_EVENT, onPacket)
        if (adapter.close === closeWithBus) adapter.close = close
      }
    },
  }
}

const ignore = () => {}
