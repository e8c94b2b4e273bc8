import { vi } from 'vitest'

/** Lets time pass: the timers of fake time, and what is due at once. */
export const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds)
