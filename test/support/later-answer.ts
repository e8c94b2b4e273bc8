/** An answer that a test gives later. */
export interface LaterAnswer {
  readonly answer: Promise<unknown>
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

export function laterAnswer(): LaterAnswer {
  let resolve!: (value: unknown) => void
  let reject!: (error: Error) => void
  const answer = new Promise((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { answer, resolve, reject }
}
