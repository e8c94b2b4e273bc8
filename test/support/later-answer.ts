/** An answer that a test gives later. */
export function laterAnswer() {
  let resolve!: (value: unknown) => void
  let reject!: (error: Error) => void
  const answer = new Promise((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { answer, resolve, reject }
}
