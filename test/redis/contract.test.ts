import { describe } from 'vitest'
import { shareEngine, testBusContract } from '../support/cluster/bus-contract.ts'

describe('one Redis', () => {
  const engine = shareEngine('redis')
  describe('redis', () => testBusContract(engine, 'redis'))
  describe('ioredis', () => testBusContract(engine, 'ioredis'))
})
