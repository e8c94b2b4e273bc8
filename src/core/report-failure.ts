import { withCode } from './errors.ts'
import { isDevelopment } from './is-development.ts'
import type { Conversation } from './message/conversation.ts'
import type { OnlineMessageError } from './message/online-message-error.ts'
import type { SendFailure } from './message/send-result.ts'
import { sharedByCopies } from './shared-by-copies.ts'

/** A failure that no caller awaits: a refused lease or subscription, received data that does not fit its schema. */
interface UnawaitedFailure {
  readonly conversation: Conversation
  readonly command: string
  readonly failure: SendFailure
}

type ErrorHandler = (error: OnlineMessageError) => void

/** The `onError` of each client. It is kept here and not on the client, because it is nobody else's business. */
const errorHandlers = /* @__PURE__ */ sharedByCopies<object, ErrorHandler>('errors')

/** Sets who receives the failures of a client that nobody awaits. */
export function setErrorHandler(client: object, onError: ErrorHandler | undefined): void {
  if (onError) errorHandlers.set(client, onError)
}

/**
 * Reports a failure that no caller awaits to the client's `onError`. Without one, and for a client that an app wrote
 * itself, it is a warning on the console, in development only.
 */
export function reportFailure(client: object, { conversation, command, failure }: UnawaitedFailure): void {
  // Being offline is not an error: `client.connection` shows it.
  if (failure.code === 'offline') return
  const error = Object.assign(new Error(failure.message), { code: failure.code, conversation, command })
  const onError = errorHandlers.get(client) ?? warn
  onError(error)
}

function warn(error: OnlineMessageError): void {
  if (isDevelopment && process.env.NODE_ENV !== 'production') {
    console.warn(withCode(error.code, 'No caller awaits this failure. Handle it with onError of the client.'), error)
  }
}
