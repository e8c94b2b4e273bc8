import { describe } from 'vitest'
import { shareEngine, testBusContract } from '../support/cluster/bus-contract.ts'

describe('Redis Cluster', () => {
  const engine = shareEngine('redis-cluster')
  describe('redis', () => testBusContract(engine, 'redis'))
  describe('ioredis', () => testBusContract(engine, 'ioredis'))
})
