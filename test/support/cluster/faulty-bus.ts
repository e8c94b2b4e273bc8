import type { Bus } from '../../../src/server/cluster/bus.ts'

/** A bus with a slow, repeating and reordering way between a node and its engine. */
export interface FaultyBus extends Bus {
  /** From now on whatever arrives is kept back, and so is the confirmation of subscriptions. */
  hold(): void
  /** Lets everything pass that was kept back, in order. */
  release(): void
}

export interface BusFaults {
  /** How long a message is on its way from the engine, in milliseconds. @default 0 */
  readonly delay?: () => number
  /** How often it arrives. @default 1 */
  readonly copies?: () => number
}

export function createFaultyBus(bus: Bus, { delay = () => 0, copies = () => 1 }: BusFaults): FaultyBus {
  const held: (() => void)[] = []
  let isHolding = false

  const pass = (run: () => void) => {
    if (isHolding) held.push(run)
    else run()
  }

  return {
    publish: bus.publish,
    subscribe(channel, onMessage, onActive) {
      let isSubscribed = true
      const ifSubscribed = (run: () => void) => () => {
        if (isSubscribed) run()
      }
      const arrive = (message: string) => {
        for (let copy = copies(); copy > 0; copy--) {
          const deliver = ifSubscribed(() => onMessage(message))
          const milliseconds = delay()
          if (milliseconds === 0) pass(deliver)
          else setTimeout(() => pass(deliver), milliseconds)
        }
      }
      const unsubscribe = bus.subscribe(channel, arrive, () => pass(ifSubscribed(onActive)))
      return () => {
        isSubscribed = false
        unsubscribe()
      }
    },
    hold() {
      isHolding = true
    },
    release() {
      isHolding = false
      for (const run of held.splice(0)) run()
    },
  }
}
