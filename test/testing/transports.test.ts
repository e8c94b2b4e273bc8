import { describe, test } from 'vitest'
import { type MakeCarrier, transportContract } from '../../src/testing/index.ts'
import { memoryCarrier, socketCarrier } from '../support/networks/networks.ts'

const carriers: [name: string, make: MakeCarrier][] = [
  ['memory', () => memoryCarrier()],
  ['memory, 20 ms slow', () => memoryCarrier({ latency: 20 })],
  ['Socket.IO over websocket', () => socketCarrier(['websocket'])],
  ['Socket.IO over long-polling', () => socketCarrier(['polling'])],
  ['Socket.IO, upgraded', () => socketCarrier(['polling', 'websocket'])],
]
for (const [name, make] of carriers) {
  describe.concurrent(name, () => {
    for (const rule of transportContract) test(rule.name, () => rule.run(make))
  })
}

/** A bot is a user like any other; only its connection cannot be cut. */
const bots: [name: string, isBot: (userId: string) => boolean][] = [
  ['bots among themselves', () => true],
  ['a bot sends', (id) => id === 'ann'],
  ['a bot receives', (id) => id === 'bob'],
]
for (const [name, isBot] of bots) {
  describe.concurrent(`server.createBot(user): ${name}`, () => {
    for (const rule of transportContract.filter(({ disconnects }) => !disconnects)) {
      test(rule.name, () => rule.run(() => socketCarrier(['websocket'], isBot)))
    }
  })
}
