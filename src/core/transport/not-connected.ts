import { failure } from '../message/failure.ts'
import type { SendFailure } from '../message/send-result.ts'

/** What a `send` answers while there is no connection (T1). */
export const notConnected: SendFailure = failure(
  'offline',
  'Not connected, and nothing is queued. Send again when `connection` is online.',
)
