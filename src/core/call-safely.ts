/** Calls an app's function. What it throws becomes an uncaught error of its own, as in an event listener. */
export function callSafely(call: () => void): void {
  try {
    call()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
