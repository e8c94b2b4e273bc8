import { type ReactNode, useState } from 'react'
import { createOnlineMessageClient, OnlineMessageProvider, type User } from '../src/index.ts'
import { createMemoryNetwork, type MemoryNetwork, type MemoryTransport } from '../src/transports/memory/index.ts'
import './pair.css'

const createDevice = (network: MemoryNetwork, user: User) => {
  const transport = network.join(user)
  return { transport, client: createOnlineMessageClient({ transport }) }
}

const createPair = () => {
  const network = createMemoryNetwork()
  return {
    annsDevice: createDevice(network, { id: 'ann', name: 'Ann' }),
    bobsDevice: createDevice(network, { id: 'bob', name: 'Bob' }),
  }
}

interface PairProps {
  readonly ann: ReactNode
  readonly bob: ReactNode
  /** Below Ann's screen: controls that do something to her device from outside. */
  readonly controls?: (annsTransport: MemoryTransport) => ReactNode
}

/** Ann and Bob, each with a client of their own, on a network inside the page. */
export function Pair({ ann, bob, controls }: PairProps): ReactNode {
  const [{ annsDevice, bobsDevice }] = useState(createPair)
  return (
    <div className="pair">
      <section aria-label="Ann">
        <h3>Ann</h3>
        <OnlineMessageProvider client={annsDevice.client}>{ann}</OnlineMessageProvider>
        {controls?.(annsDevice.transport)}
      </section>
      <section aria-label="Bob">
        <h3>Bob</h3>
        <OnlineMessageProvider client={bobsDevice.client}>{bob}</OnlineMessageProvider>
      </section>
    </div>
  )
}
