type Listener<Event> = (event: Event) => void

/** Whatever fires events: a window, an element. In React Native, neither has these methods. */
export interface Listenable<Event> {
  addEventListener?(type: string, listener: Listener<Event>, isCapturing: boolean): void
  removeEventListener?(type: string, listener: Listener<Event>, isCapturing: boolean): void
}

/**
 * Listens to events by their names until the function that it returns is called. It does without the option `signal`,
 * because jsdom and React Native do not know it everywhere.
 */
export function listen<Event>(
  source: Listenable<Event> | null | undefined,
  listeners: Readonly<Record<string, Listener<Event>>>,
  isCapturing: boolean,
): () => void {
  const types = Object.entries(listeners)
  for (const [type, listener] of types) source?.addEventListener?.(type, listener, isCapturing)
  return () => {
    for (const [type, listener] of types) source?.removeEventListener?.(type, listener, isCapturing)
  }
}
