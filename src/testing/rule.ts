import type { ContractCase } from './test-network.ts'
import { onStage, type Stage } from './stage.ts'

/** A case that needs nothing but devices that join. */
export const rule = (name: string, play: (stage: Stage) => Promise<void>): ContractCase => ({
  name,
  disconnects: false,
  run: (make) => onStage(make, play),
})

/** A case that takes devices off the network and back. */
export const ruleOfGaps = (name: string, play: (stage: Stage) => Promise<void>): ContractCase => ({
  ...rule(name, play),
  disconnects: true,
})
