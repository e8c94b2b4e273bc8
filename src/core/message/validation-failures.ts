/**
 * The text of each mistake in a message, said once: what is wrong, then the fix. A bundle has those that it can answer with,
 * thanks to the annotations: without them a bundler keeps every call.
 */
import { MAX_COMMAND_LENGTH, MAX_ID_LENGTH } from '../constants.ts'
import { failure } from './failure.ts'
import type { SendFailure } from './send-result.ts'

/** The conversation has neither a user nor a group, or both, or an id that is too long. */
export const invalidConversation: SendFailure = /* @__PURE__ */ failure(
  'invalid',
  `The conversation is invalid. Give either { user } or { group }, and optionally a thread, each a string of 1 to ${MAX_ID_LENGTH} characters. Give String(id) of a number or an ObjectId, and null to a hook while no conversation is chosen.`,
)

/** The command is not a string, or empty, or too long. */
export const invalidCommand: SendFailure = /* @__PURE__ */ failure(
  'invalid',
  `The command is invalid. Give a string of 1 to ${MAX_COMMAND_LENGTH} characters.`,
)

/** The user has no id, or one that is too long. */
export const invalidUser: SendFailure = /* @__PURE__ */ failure(
  'invalid',
  `The user is invalid. Give { id }, a string of 1 to ${MAX_ID_LENGTH} characters.`,
)

/** JSON cannot hold the data. */
export const dataNotJson = (reason: string): SendFailure =>
  failure(
    'invalid',
    `The data cannot be written as JSON: ${reason}. Send objects, lists, strings, numbers or booleans.`,
  )

/** The data is larger than a message may be. Both sizes are bytes of UTF-8. */
export const dataTooLarge = (bytes: number, maxBytes: number): SendFailure =>
  failure('too-large', `data has ${bytes} bytes: send at most ${maxBytes}.`)
