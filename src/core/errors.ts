import type { SendFailureCode } from './message/send-result.ts'

/** The code of an error or a warning, which stays the same in all versions. docs/errors.md has a heading for each. */
type ErrorCode =
  | 'authorize-failed'
  | 'bot-not-reidentified'
  | 'dynamic-namespace'
  | 'identify-failed'
  | 'identify-slow'
  | 'invalid-bus'
  | 'invalid-conversation'
  | 'invalid-id'
  | 'invalid-nats-connection'
  | 'invalid-option'
  | 'invalid-redis-client'
  | 'invalid-socket'
  | 'invalid-user'
  | 'late-adapter'
  | 'namespace-attached'
  | 'no-authorize'
  | 'no-identify'
  | 'no-provider'
  | 'no-socket'
  | 'unsuitable-adapter'

/** A built-in class of errors. */
type ErrorClass = new (message: string) => Error

/** The text of an error or a warning: a search of docs/errors.md for the code finds its section. */
export const withCode = (code: ErrorCode | SendFailureCode, message: string): string =>
  `${message} (react-online-message: ${code})`

/** Makes an error of a built-in class. Programs read its `code`. The message says what is wrong, then the fix. */
export function createError(ErrorClass: ErrorClass, code: ErrorCode, message: string): Error {
  return Object.assign(new ErrorClass(withCode(code, message)), { code })
}
