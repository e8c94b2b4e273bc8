import type { SendFailure, SendFailureCode } from './send-result.ts'

/** Makes a failure. The message says what is wrong, then the fix. */
export const failure = (code: SendFailureCode, message: string): SendFailure => ({ ok: false, code, message })

/**
 * Whether a value is a `SendFailure`. This is the one way to find out.
 *
 * @param value anything: a value of another type is not a failure.
 */
export function isFailure(value: unknown): value is SendFailure {
  return typeof value === 'object' && value !== null && 'ok' in value && value.ok === false
}
