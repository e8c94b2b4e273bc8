import { failure } from '../message/failure.ts'
import type { SendFailure } from '../message/send-result.ts'

/** What a `send` answers whose signal was aborted before the message was written. */
export const aborted: SendFailure = failure(
  'aborted',
  'The signal was aborted before the message was sent. Send it again if it still matters.',
)
