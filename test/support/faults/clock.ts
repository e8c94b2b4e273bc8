/** Milliseconds of a clock that all processes of this machine share, and that no patch of `Date` or `performance` moves. */
export const tick = (): number => Number(process.hrtime.bigint() / 1000n) / 1000

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Waits until it is true. @returns whether that came about in time. */
export async function comesTrue(isSo: () => boolean | Promise<boolean>, patience = 5000): Promise<boolean> {
  const deadline = tick() + patience
  for (;;) {
    if (await isSo()) return true
    if (tick() > deadline) return false
    await sleep(5)
  }
}

/** Waits until it is true. @throws Error when that does not come about in time. */
export async function until(isSo: () => boolean | Promise<boolean>, what: string, patience = 8000): Promise<void> {
  if (!(await comesTrue(isSo, patience))) throw new Error(`${what}: not within ${patience} ms`)
}
