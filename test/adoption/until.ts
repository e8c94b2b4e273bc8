import { setTimeout as wait } from 'node:timers/promises'

/** Waits until this is true, and fails when that takes longer than 10 s. */
export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error(`Not within 10 s: ${String(isTrue)}`)
    await wait(20)
  }
}
