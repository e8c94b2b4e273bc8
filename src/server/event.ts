/** A one-way event: the part that emits it does not know the parts that subscribe to it. */
export interface Event<Payload> {
  on(listener: (payload: Payload) => void): void
  emit(payload: Payload): void
}

export function createEvent<Payload>(): Event<Payload> {
  const listeners: ((payload: Payload) => void)[] = []
  return {
    on(listener) {
      listeners.push(listener)
    },
    emit(payload) {
      for (const listener of listeners) listener(payload)
    },
  }
}
