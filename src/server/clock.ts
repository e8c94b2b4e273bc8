/**
 * The server's time in milliseconds since 1970. It never steps: it is the steady clock, set to the wall clock once, when
 * the process began. Stamps only have to agree with each other.
 */
export const serverNow = (): number => performance.timeOrigin + performance.now()
