import type { User } from '../core/message/user.ts'
import { createTestDevice, type TestDevice } from './test-device.ts'
import type { ContractCase, MakeNetwork } from './test-network.ts'

/** What a case gets. */
export interface CaseContext {
  /** Adds a device of this user, and waits until it is online. */
  join(user: User): Promise<TestDevice>
}

/** A case that needs nothing but devices that join. */
export const rule = (name: string, check: (context: CaseContext) => Promise<void>): ContractCase => ({
  name,
  disconnects: false,
  run: (make) => runCase(make, check),
})

/** A case that takes devices off the network and brings them back. */
export const gapRule = (name: string, check: (context: CaseContext) => Promise<void>): ContractCase => ({
  ...rule(name, check),
  disconnects: true,
})

/** Runs one case on a network of its own, and takes the network down again. */
async function runCase(make: MakeNetwork, check: (context: CaseContext) => Promise<void>): Promise<void> {
  const network = await make()
  const cleanups: (() => void)[] = []
  const devicesOf = new Map<string, number>()

  const join = async (user: User) => {
    const number = (devicesOf.get(user.id) ?? 0) + 1
    devicesOf.set(user.id, number)
    const name = number === 1 ? user.id : `${user.id}'s device ${number}`
    return createTestDevice(name, await network.join(user), cleanups)
  }

  try {
    await check({ join })
  } finally {
    for (const cleanUp of cleanups) cleanUp()
    await network.close?.()
  }
}
