// What a message may be.

/** Longest id of a user, a group or a thread, in UTF-16 code units. It bounds what a peer can make anybody remember. */
export const MAX_ID_LENGTH = 256

/** Longest command, in UTF-16 code units. */
export const MAX_COMMAND_LENGTH = 128

/** Most bytes of one message's data in UTF-8, unless the server's `maxBytes` says otherwise. */
export const DEFAULT_MAX_BYTES = 4096

/** Age from which a message has expired and is dropped, in milliseconds, unless the server's `maxAge` says otherwise (G1). */
export const DEFAULT_MAX_AGE = 2000

/** How long a client waits for a server's answer, in milliseconds. */
export const ANSWER_TIMEOUT = 5000

// Typing.

/** How much longer than `heartbeatInterval` a lease lives, in milliseconds: how late a renewal may come (S5). */
export const LEASE_GRACE = 2000

/** Longest lease, in milliseconds: how long a hostile typist can be shown without renewing. */
export const MAX_LEASE_TTL = 60_000

/** How long a typing update is valid, in milliseconds. A server sends a new one well before it expires (R4). */
export const TYPING_UPDATE_TTL = 90_000

/**
 * How long after the end of its typing a message may arrive and still be known to belong to that typing, in milliseconds
 * (R6).
 */
export const MAX_MESSAGE_DELAY = 10_000

/** Most typing sessions that are remembered in one conversation: what a flood of made-up ones can cost. */
export const MAX_TYPING_SESSIONS = 1000

/** Most names in a sentence. The typists after them are counted. */
export const MAX_NAMES_IN_SENTENCE = 2

// Clocks and sleep.

/** How often the receiving half of typing looks at the clock while somebody is shown, in milliseconds. */
export const CLOCK_CHECK_INTERVAL = 1000

/** A timer that fires later than this, in milliseconds, means that the device slept (R5). */
export const SLEEP_THRESHOLD = 2000

/**
 * When the difference between the wall clock and the steady clock changes by more than this, in milliseconds, the clock
 * was set or the device slept.
 */
export const CLOCK_JUMP_THRESHOLD = 500
