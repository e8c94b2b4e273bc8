import type { Bus, BusNetwork, MakeBusNetwork } from '../../../src/testing/index.ts'
import { createMemoryEngine } from '../cluster/memory-engine.ts'

/** A network of sound buses, each with what `addFault` replaces. */
export const network =
  (addFault: (bus: Bus, engine: { isUp(): boolean }) => Partial<Bus> = () => ({})): MakeBusNetwork =>
  (): BusNetwork => {
    const engine = createMemoryEngine()
    let isUp = true
    return {
      join() {
        const { bus } = engine.connect()
        return { ...bus, ...addFault(bus, { isUp: () => isUp }) }
      },
      interrupt() {
        isUp = false
        engine.interrupt()
      },
      restore() {
        isUp = true
        engine.restore()
      },
    }
  }

/** A fault in what arrives. */
export const changesMessages = (
  change: (message: string, deliver: (message: string) => void) => void,
): MakeBusNetwork =>
  network((bus) => ({
    subscribe: (channel, onMessage, onActive) =>
      bus.subscribe(channel, (message) => change(message, onMessage), onActive),
  }))

export const soon = (run: () => void): void => void setTimeout(run, 5)
