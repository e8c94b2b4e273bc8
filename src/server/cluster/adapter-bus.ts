import type { Namespace } from 'socket.io'

/** The event between nodes. What its arguments mean, `nodes.ts` knows. */
const EVENT = 'om:bus'

/** From this node to all others that are attached to the same namespace, and from them. */
export interface Bus {
  emit(message: readonly unknown[]): void
  /**
   * @param closing is called when Socket.IO closes its adapter: the app may close its Redis client next.
   * @returns how to listen no more.
   */
  listen(listener: (message: readonly unknown[]) => void, closing: () => void): () => void
}

type Adapter = Namespace['adapter']

/**
 * The bus of a namespace, if its adapter knows of other nodes. It is Socket.IO's `serverSideEmit`: pub/sub or IPC, which
 * no adapter stores (G3).
 */
export function openBus(namespace: Namespace): Bus | undefined {
  if (!reachesOthers(namespace.adapter)) return undefined
  // The declared events are the app's own.
  const events = namespace as unknown as Record<
    'on' | 'off',
    (event: string, listener: (...args: unknown[]) => void) => void
  >
  return {
    emit(message) {
      try {
        // Not by the namespace, which throws the adapter's promise away: some reject while the bus is down.
        const sent: unknown = namespace.adapter.serverSideEmit([EVENT, ...message])
        if (sent instanceof Promise) sent.catch(ignore)
      } catch {
        // What cannot be sent now is not sent later.
      }
    },
    listen(listener, closing) {
      const { adapter } = namespace
      const hear = (...message: unknown[]) => listener(message)
      const { close } = adapter
      // It tells nobody else that it closes.
      const closeAfterUs = () => {
        closing()
        return close.call(adapter)
      }
      events.on(EVENT, hear)
      adapter.close = closeAfterUs
      return () => {
        events.off(EVENT, hear)
        if (adapter.close === closeAfterUs) adapter.close = close
      }
    },
  }
}

/**
 * Whether an adapter knows of other nodes: whether it has put a `serverSideEmit` of its own over that of Socket.IO's
 * in-memory adapter, which only prints a warning.
 */
export function reachesOthers(adapter: Adapter): boolean {
  let owners = 0
  for (let link: unknown = adapter; link; link = Object.getPrototypeOf(link)) {
    if (Object.hasOwn(link, 'serverSideEmit')) owners++
  }
  return owners > 1
}

const ignore = () => {}
