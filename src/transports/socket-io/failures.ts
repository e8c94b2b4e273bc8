import { failure } from '../../core/message/failure.ts'
import type { SendFailure } from '../../core/message/send-result.ts'

export const noAnswer: SendFailure = failure('timeout', 'No answer: is attachOnlineMessages called?')

/** K1: the error bound of the clock stays above a quarter of `maxAge`. */
export const tooSlow: SendFailure = failure(
  'offline',
  'The network is too slow: the answer to a hello takes longer than half of maxAge. Send when online, or raise maxAge.',
)

export const unreadableAnswer: SendFailure = failure(
  'invalid',
  'The answer of the server is unreadable. Use one version of react-online-message on both sides.',
)
