import { isDevelopment } from '../../core/is-development.ts'
import { failure } from '../../core/message/failure.ts'
import type { SendFailure } from '../../core/message/send-result.ts'

export const noAnswer: SendFailure = failure('timeout', noAnswerText())

/** Silence has several causes, and a client cannot tell them apart. The list of them is for developers. */
function noAnswerText(): string {
  const problem = 'The server does not answer.'
  if (isDevelopment && process.env.NODE_ENV !== 'production') {
    return `${problem} Check there that attachOnlineMessages is called for this namespace, that socket.use lets the events om:* pass, and that identify and authorize answer.`
  }
  return problem
}

/** K1: the error bound of the clock stays above a quarter of `maxAge`. */
export const tooSlow: SendFailure = failure(
  'offline',
  'The network is too slow: the answer to a hello takes longer than half of maxAge. Send when online, or raise maxAge.',
)

export const unreadableAnswer: SendFailure = failure(
  'invalid',
  'The answer of the server is unreadable. Use one version of react-online-message on both sides.',
)
