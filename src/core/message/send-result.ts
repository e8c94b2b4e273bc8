/**
 * Why a message was not accepted.
 *
 * - `offline`: there is no connection.
 * - `aborted`: its signal was aborted before it was written.
 * - `timeout`: the server did not answer; the message may or may not have been delivered.
 * - `forbidden`: `authorize` refused it.
 * - `rate-limited`: too many messages in too short a time.
 * - `too-large`: its data has too many bytes.
 * - `invalid`: something in it is wrong.
 */
export type SendFailureCode = 'offline' | 'aborted' | 'timeout' | 'forbidden' | 'rate-limited' | 'too-large' | 'invalid'

/** The answer for a message that was not accepted. */
export interface SendFailure {
  /** It was not accepted. */
  readonly ok: false
  /** The reason, for programs. */
  readonly code: SendFailureCode
  /** What is wrong, then the fix, for people. */
  readonly message: string
}

/** The answer to a `send`. `ok` means that the message was accepted, even if nobody was online to receive it. */
export type SendResult =
  | {
      /** Whether it was accepted. */
      readonly ok: true
      /** How many devices it was delivered to, where the transport counts them. */
      readonly recipients?: number
    }
  | SendFailure
