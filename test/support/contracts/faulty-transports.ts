import type { OnlineMessage, Transport } from '../../../src/core/index.ts'
import type { ContractDevice, MakeNetwork } from '../../../src/testing/index.ts'
import { createMemoryNetwork, type MemoryTransport } from '../../../src/transports/memory/index.ts'

/** What a fault replaces on a device. */
export type FaultyParts = Partial<Transport & ContractDevice>

/** A network on which every device has the same fault: the memory network, which has none, behind it. */
export const faultyNetwork =
  (addFault: (transport: MemoryTransport, id: string) => FaultyParts): MakeNetwork =>
  () => {
    const network = createMemoryNetwork()
    return {
      join(user) {
        const sound = network.join(user)
        const { disconnect, reconnect, ...transport } = { ...sound, ...addFault(sound, user.id) }
        return { transport, disconnect, reconnect }
      },
    }
  }

/** A fault that changes what is received. */
export const changesMessages =
  (
    change: (message: OnlineMessage, deliver: (message: OnlineMessage) => void) => void,
  ): ((sound: MemoryTransport) => FaultyParts) =>
  ({ subscribe }) => ({
    subscribe: (conversation, on) =>
      subscribe(conversation, { ...on, message: (message) => change(message, on.message) }),
  })

export const isNote = ({ command }: { command: string }): boolean => command === 'contract.note'

export const isTyping = ({ command }: { command: string }): boolean => command === 'textInput'
