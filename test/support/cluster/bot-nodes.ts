import { Server } from 'socket.io'
import type { Conversation, Transport } from '../../../src/core/index.ts'
import {
  attachOnlineMessages,
  type OnlineMessageServer,
  type OnlineMessageServerOptions,
} from '../../../src/server/index.ts'
import { createFakeNode, type FakeNode, type FakeNodeOptions } from './fake-node.ts'
import { createFaultyBus, type FaultyBus } from './faulty-bus.ts'
import { createMemoryEngine, type MemoryEngine, type MemoryEngineOptions } from './memory-engine.ts'

/** A whole node without a network. Its devices are bots. */
export interface BotNode {
  readonly server: OnlineMessageServer
  readonly bus: FaultyBus
  /** Ends its connection to the engine as the death of its process does. */
  kill(): void
}

/** Nodes on an engine in this process, for tests in fake time. */
export interface BotNodes {
  readonly engine: MemoryEngine
  addNode(): BotNode
  addFake(options?: Omit<FakeNodeOptions, 'bus'>): FakeNode
  /** Closes all nodes. */
  close(): void
}

export function createBotNodes(
  plugin: Partial<OnlineMessageServerOptions> = {},
  engineOptions: MemoryEngineOptions = {},
): BotNodes {
  const engine = createMemoryEngine(engineOptions)
  const closes: (() => void)[] = []
  return {
    engine,
    addNode() {
      const { bus: engineBus, kill } = engine.connect()
      const bus = createFaultyBus(engineBus, {})
      const server = attachOnlineMessages(new Server(), { identify: () => null, authorize: 'anyone', ...plugin, bus })
      closes.push(server.close)
      return { server, bus, kill }
    },
    addFake: (options = {}) => createFakeNode({ bus: engine.connect().bus, ...options }),
    close() {
      for (const close of closes.splice(0)) close()
    },
  }
}

/** A subscription of a bot. */
export interface Watched {
  /** The ids of those who type, each time that the subscriber is notified. */
  readonly seen: string[][]
  end(): void
}

export function watch(transport: Transport, conversation: Conversation): Watched {
  const seen: string[][] = []
  const end = transport.subscribe(conversation, {
    message() {},
    typists: ({ typists }) => seen.push(typists.map(({ id }) => id)),
  })
  return { seen, end }
}

export interface Heard {
  /** The data of the messages that have arrived. */
  readonly heard: unknown[]
  /** Why the subscription was refused, if it was. */
  readonly refused: string[]
  end(): void
}

export function hear(transport: Transport, conversation: Conversation): Heard {
  const heard: unknown[] = []
  const refused: string[] = []
  const end = transport.subscribe(conversation, {
    message: ({ data }) => heard.push(data),
    typists() {},
    refused: ({ code }) => refused.push(code),
  })
  return { heard, refused, end }
}
