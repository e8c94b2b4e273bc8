/** The real timer, also after a test has installed fake ones or a process has throttled its own. */
const realTimeout = globalThis.setTimeout

/** Milliseconds of a clock that all processes of this machine share. No fake timer and no patched `Date` moves it. */
export const sharedNow = (): number => Number(process.hrtime.bigint() / 1000n) / 1000

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => realTimeout(resolve, milliseconds))

/** How often a condition is checked, in milliseconds. */
const POLL_INTERVAL = 5

/**
 * How long a condition may take, in milliseconds of real time. It is shorter than a typing lease lives, so that a lease
 * that expires does not pass for one that was released.
 */
const DEFAULT_TIMEOUT = 5000

/** Waits until the condition is true. @returns whether that happened within `timeout`. */
export async function becomesTrue(condition: () => unknown, timeout: number): Promise<boolean> {
  const deadline = sharedNow() + timeout
  while (!(await condition())) {
    if (sharedNow() > deadline) return false
    await sleep(POLL_INTERVAL)
  }
  return true
}

/**
 * Waits until the condition is true, which may be a promise.
 *
 * @param description for the error. @default the condition's source
 * @param timeout in milliseconds of real time. @default 5000
 * @throws Error when the time is over.
 */
export async function until(condition: () => unknown, description?: string, timeout?: number): Promise<void> {
  const limit = timeout ?? DEFAULT_TIMEOUT
  if (await becomesTrue(condition, limit)) return
  throw new Error(`Not true within ${limit} ms: ${description ?? String(condition)}`)
}
