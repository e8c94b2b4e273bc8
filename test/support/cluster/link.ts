import type { TimedMessage } from '../../../src/server/cluster/bus-message.ts'
import { createChannels } from '../../../src/server/cluster/channels.ts'
import { createNodeLink, type NodeLink, type Origin } from '../../../src/server/cluster/peers/node-link.ts'
import { createFakeNode, type FakeNode, type FakeNodeOptions } from './fake-node.ts'
import { createMemoryEngine, type MemoryEngine, type MemoryEngineOptions } from './memory-engine.ts'

export { pass } from '../pass.ts'

/** A message that a link has received. */
export interface Received {
  readonly message: TimedMessage
  readonly origin: Origin
}

/** The link of a real node, on an engine in this process, in fake time. */
export interface TestLink {
  readonly engine: MemoryEngine
  readonly link: NodeLink
  /** What has arrived for this node alone. */
  readonly own: Received[]
  /** Subscribes to a channel and collects what arrives. */
  read(channel: string): Received[]
  addFake(options?: Omit<FakeNodeOptions, 'bus'>): FakeNode
}

export const MAX_AGE = 2000

export function createTestLink(options: MemoryEngineOptions = {}): TestLink {
  const engine = createMemoryEngine(options)
  const own: Received[] = []
  const link = createNodeLink({
    bus: engine.connect().bus,
    channels: createChannels('/'),
    maxAge: MAX_AGE,
    receive: (message, origin) => own.push({ message, origin }),
  })
  return {
    engine,
    link,
    own,
    read(channel) {
      const received: Received[] = []
      link.subscribe(
        channel,
        (message, origin) => received.push({ message, origin }),
        () => {},
      )
      return received
    },
    addFake: (fakeOptions = {}) => createFakeNode({ bus: engine.connect().bus, ...fakeOptions }),
  }
}
