import { type ReactNode, useState } from 'react'
import { createOnlineMessageClient, OnlineMessageProvider, type User } from '../src/index.ts'
import { createMemoryNetwork, type MemoryNetwork, type MemoryTransport } from '../src/transports/memory/index.ts'
import './pair.css'

const join = (network: MemoryNetwork, user: User) => {
  const transport = network.join(user)
  return { user, transport, client: createOnlineMessageClient({ transport }) }
}

const createPair = () => {
  const network = createMemoryNetwork()
  return [join(network, { id: 'ann', name: 'Ann' }), join(network, { id: 'bob', name: 'Bob' })] as const
}

interface PairProps {
  readonly ann: ReactNode
  readonly bob: ReactNode
  /** Beside Ann's: what is done to her device from outside. */
  readonly beside?: (device: MemoryTransport) => ReactNode
}

/** Ann and Bob, each with a client of their own, on a network inside the page. */
export function Pair({ ann, bob, beside }: PairProps): ReactNode {
  const [[first, second]] = useState(createPair)
  return (
    <div className="pair">
      <section aria-label="Ann">
        <h3>Ann</h3>
        <OnlineMessageProvider client={first.client}>{ann}</OnlineMessageProvider>
        {beside?.(first.transport)}
      </section>
      <section aria-label="Bob">
        <h3>Bob</h3>
        <OnlineMessageProvider client={second.client}>{bob}</OnlineMessageProvider>
      </section>
    </div>
  )
}
