import { failure } from '../../core/message/failure.ts'
import type { SendFailure } from '../../core/message/send-result.ts'

/** Silence has three causes, and a client sees the same of all: nobody listens, nothing arrives, nobody answers yet. */
export const noAnswer: SendFailure = failure(
  'timeout',
  'The server does not answer. Check there that attachOnlineMessages is called for this namespace, that socket.use lets the events om:* pass, and that identify and authorize answer.',
)

/** K1: the error bound of the clock stays above a quarter of `maxAge`. */
export const tooSlow: SendFailure = failure(
  'offline',
  'The network is too slow: the answer to a hello takes longer than half of maxAge. Send when online, or raise maxAge.',
)

export const unreadableAnswer: SendFailure = failure(
  'invalid',
  'The answer of the server is unreadable. Use one version of react-online-message on both sides.',
)
