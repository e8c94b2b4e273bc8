import { describe } from 'vitest'
import { shareEngine, testBusContract } from '../support/cluster/bus-contract.ts'

describe('NATS', () => testBusContract(shareEngine('nats')))
