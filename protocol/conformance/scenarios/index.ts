import { connection } from './connection.ts'
import { receiving } from './receiving.ts'
import type { Scenario } from './tools.ts'
import { typing } from './typing.ts'

export const scenarios: readonly Scenario[] = [...connection, ...receiving, ...typing]
