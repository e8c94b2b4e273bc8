import { afterAll, afterEach, beforeAll, describe, test } from 'vitest'
import { busContract, type MakeBusNetwork } from '../../../src/testing/index.ts'
import { closeAll } from '../server/harness.ts'
import { type Engine, type EngineName, type OpenBus, type RedisLibrary, startEngine } from './engines.ts'

/** One engine for all tests of a file or a group. After each test, everything else is closed. */
export function shareEngine(name: EngineName): () => Engine {
  let engine: Engine | undefined
  let stop: (() => Promise<void>) | undefined
  beforeAll(async () => {
    engine = await startEngine(name)
    stop = engine.keepRunning()
  })
  afterAll(() => stop?.())
  afterEach(closeAll)
  return () => engine!
}

/** The nodes of one case on an engine that they share with other cases. */
const networkOn =
  (engine: Engine, library?: RedisLibrary): MakeBusNetwork =>
  () => {
    const open: OpenBus[] = []
    return {
      async join() {
        const opened = await engine.openBus(library)
        open.push(opened)
        return opened.bus
      },
      interrupt: engine.kill,
      restore: engine.restart,
      close: () => Promise.all(open.map(({ close }) => close())),
    }
  }

/** Runs the contract on an engine: what interrupts it one after the other, and all else side by side. */
export function testBusContract(engine: () => Engine, library?: RedisLibrary): void {
  const withoutInterruption = busContract.filter(({ interrupts }) => !interrupts)
  const withInterruption = busContract.filter(({ interrupts }) => interrupts)
  describe.concurrent('while it runs', () => {
    for (const { name, run } of withoutInterruption) test(name, () => run(networkOn(engine(), library)))
  })
  describe('killed and started again', { concurrent: false }, () => {
    for (const { name, run } of withInterruption) test(name, () => run(networkOn(engine(), library)))
  })
}
