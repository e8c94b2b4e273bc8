/**
 * The server's time in milliseconds since 1970. It never jumps: it is the steady clock, set to the wall clock once, when
 * the process began. It may differ from the wall clock: all times of one server only have to agree with each other.
 */
export const serverNow = (): number => performance.timeOrigin + performance.now()

/** Whether something that was sent at this time is older than `maxAge` milliseconds (G1). */
export const isExpired = (at: number, maxAge: number): boolean => serverNow() - at > maxAge
