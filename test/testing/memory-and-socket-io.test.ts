import { describe, test } from 'vitest'
import { type MakeNetwork, transportContract } from '../../src/testing/index.ts'
import { memoryNetwork } from '../support/networks/memory-network.ts'
import { socketNetwork } from '../support/networks/socket-network.ts'

const networks: readonly { readonly name: string; readonly make: MakeNetwork }[] = [
  { name: 'memory', make: () => memoryNetwork() },
  { name: 'memory, 20 ms slow', make: () => memoryNetwork({ latency: 20 }) },
  { name: 'Socket.IO over websocket', make: () => socketNetwork({ protocols: ['websocket'] }) },
  { name: 'Socket.IO over long-polling', make: () => socketNetwork({ protocols: ['polling'] }) },
  { name: 'Socket.IO, upgraded', make: () => socketNetwork({ protocols: ['polling', 'websocket'] }) },
]
for (const { name, make } of networks) {
  describe.concurrent(name, () => {
    for (const rule of transportContract) test(rule.name, () => rule.run(make))
  })
}

// A bot is a user like any other. Only its connection cannot be cut off.
const bots: readonly { readonly name: string; readonly isBot: (userId: string) => boolean }[] = [
  { name: 'bots among themselves', isBot: () => true },
  { name: 'a bot sends', isBot: (id) => id === 'ann' },
  { name: 'a bot receives', isBot: (id) => id === 'bob' },
]
for (const { name, isBot } of bots) {
  describe.concurrent(`server.createBot(user): ${name}`, () => {
    for (const rule of transportContract.filter(({ disconnects }) => !disconnects)) {
      test(rule.name, () => rule.run(() => socketNetwork({ protocols: ['websocket'], isBot })))
    }
  })
}
