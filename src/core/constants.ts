/** How much longer than `heartbeat` a lease lives, in milliseconds: so late may a renewal come (S5). */
export const LEASE_MARGIN = 2000

/** Longest lease anybody can take, in milliseconds: what a hostile typist can claim at the most. */
export const MAX_LEASE = 60_000

/** How long a digest holds without a new one, in milliseconds. A server refreshes it well before (R4). */
export const TYPING_UPDATE_LIFE = 90_000

/** How often the clock is looked at while somebody is shown, in milliseconds. */
export const CLOCK_CHECK_INTERVAL = 1000

/** A timer that is later than this has slept, in milliseconds (R5). */
export const SLEEP_THRESHOLD = 2000

/** A difference between the wall clock and the steady one that has moved by more, in milliseconds: clock set, or sleep. */
export const CLOCK_JUMP = 500

/** How long a server's answer is waited for, in milliseconds. */
export const ANSWER_TIMEOUT = 5000

/** How many sessions of typing are remembered in one conversation: what a flood of made-up ones can cost. */
export const MAX_SESSIONS = 1000

/** Most names in a sentence; who comes after is counted. */
export const MAX_NAMES = 2

/** Most bytes of one message's data in UTF-8, unless a server is told otherwise. */
export const MAX_BYTES = 4096

/** What has been on its way for longer is dropped, in milliseconds, unless a server is told otherwise (G1). */
export const MAX_AGE = 2000
