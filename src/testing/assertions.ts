/** How long a case waits for what has to happen, in milliseconds. */
export const TIMEOUT = 5000

/** How often a case checks whether it has happened, in milliseconds. */
const POLL_INTERVAL = 5

// Undefined for a function and a symbol: the type of JSON.stringify hides that.
const stringify = (value: unknown): string | undefined => JSON.stringify(value)

/** Writes any value for an error message. */
export function show(value: unknown): string {
  try {
    return stringify(value) ?? String(value)
  } catch {
    return String(value)
  }
}

/** Fails the case unless the condition is true. The error says what was expected, and then what happened. */
export function assert(isTrue: boolean, expected: string, happened: () => unknown): asserts isTrue {
  if (!isTrue) throw new Error(`Expected: ${expected}. Happened: ${show(happened())}.`)
}

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Waits until the condition is true, and fails the case if it does not become true in time. */
export async function waitUntil(condition: () => boolean, expected: string, happened: () => unknown): Promise<void> {
  const deadline = performance.now() + TIMEOUT
  while (!condition()) {
    assert(performance.now() < deadline, `${expected}, within ${TIMEOUT} ms`, happened)
    await sleep(POLL_INTERVAL)
  }
}
