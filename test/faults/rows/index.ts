import type { Row } from '../../support/faults/scenario.ts'
import { bursts } from './bursts.ts'
import { clocks } from './clocks.ts'
import { devices } from './devices.ts'
import { gaps } from './gaps.ts'
import { identities } from './identity.ts'
import { lopsided } from './lopsided.ts'
import { readers } from './reader.ts'
import { recoveries } from './recovery.ts'
import { sharedSockets } from './shared-socket.ts'
import { sleeping } from './sleep.ts'
import { stamps } from './stamps.ts'

/** The fault table, row by row. */
export const rows: readonly Row[] = [
  ...gaps,
  ...sleeping,
  ...readers,
  ...recoveries,
  ...bursts,
  ...devices,
  ...clocks,
  ...lopsided,
  ...stamps,
  ...sharedSockets,
  ...identities,
]
