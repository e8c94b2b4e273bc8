import type { Socket } from 'socket.io-client'

/** How many listeners a socket and its manager have, by event. */
export const countListeners = (socket: Socket): [event: string, count: number][] =>
  [socket, socket.io].flatMap((emitter) => {
    const callbacks = (emitter as unknown as { readonly _callbacks?: Record<string, unknown[]> })._callbacks ?? {}
    return Object.entries(callbacks).map(([event, listeners]): [string, number] => [event, listeners.length])
  })
