import type { Socket } from 'socket.io-client'

/** From now on the timers of this process fire only at multiples of this, as in a background tab. */
export function throttleTimers(socket: Socket, milliseconds: number): void {
  const original = globalThis.setTimeout
  const throttled = (call: (...args: unknown[]) => void, delay = 0, ...args: unknown[]) => {
    const due = Math.ceil((performance.now() + delay) / milliseconds) * milliseconds
    return original(call, due - performance.now(), ...args)
  }
  // The XMLHttpRequest that replaces a browser's here fires its events by timers with a delay of 0. A browser does not.
  globalThis.setTimeout = ((call: () => void, delay = 0, ...args: unknown[]) =>
    (delay ? throttled : original)(call, delay, ...args)) as typeof setTimeout
  // The manager and its engine have kept the function that they found.
  for (const holder of [socket.io, socket.io.engine, socket.io.engine.transport]) {
    Object.assign(holder, { setTimeoutFn: throttled })
  }
}
