/**
 * How long something may take that other tests run beside, in milliseconds. Typing that nobody ends is shown for longer: 4 s
 * after the last key.
 */
export const SOON = 3000
