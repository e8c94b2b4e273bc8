import { describe } from 'vitest'
import { shareEngine, testBusContract } from '../../support/cluster/bus-contract.ts'

describe('the sharded Redis adapter', () => testBusContract(shareEngine('adapter')))
