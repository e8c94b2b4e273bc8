import type { Row } from '../../support/faults/scenario.ts'
import { bursts } from './bursts.ts'
import { clocks } from './clocks.ts'
import { devices } from './devices.ts'
import { gaps } from './gaps.ts'
import { readers } from './reader.ts'
import { recoveries } from './recovery.ts'
import { sleeping } from './sleep.ts'

/** The fault table, row by row. */
export const rows: readonly Row[] = [...gaps, ...sleeping, ...readers, ...recoveries, ...bursts, ...devices, ...clocks]
