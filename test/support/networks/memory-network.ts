import type { ContractNetwork } from '../../../src/testing/index.ts'
import { createMemoryNetwork, type MemoryNetworkOptions } from '../../../src/transports/memory/index.ts'

/** The network inside one process. */
export function memoryNetwork(options?: MemoryNetworkOptions): ContractNetwork {
  const network = createMemoryNetwork(options)
  return {
    join(user) {
      const transport = network.join(user)
      return { transport, disconnect: transport.disconnect, reconnect: transport.reconnect }
    },
  }
}
