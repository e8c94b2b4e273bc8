import { MAX_ID_LENGTH } from '../core/constants.ts'
import { createError } from '../core/errors.ts'

/**
 * The error for an id that is none. Databases have ids that are numbers or objects, and an object may even look like a
 * string where it is printed, so the error names the type of what was given.
 *
 * @param origin who gave the id, with the verb: "identify gave", for example.
 */
export function idError(origin: string, id: unknown): Error {
  return createError(TypeError, 'invalid-id', `${origin} ${idProblem(id)}`)
}

/** What is wrong with the id, then the fix. */
function idProblem(id: unknown): string {
  if (id === undefined || id === null) return 'no id. Ids are strings: give String(id).'
  if (typeof id === 'string') {
    const problem = id === '' ? 'an empty id' : `an id of ${id.length} characters`
    return `${problem}. Give a string of 1 to ${MAX_ID_LENGTH} characters.`
  }
  return `an id that is ${describe(id)}. Ids are strings: give String(id).`
}

/** "a number (5)", "an ObjectId": the type, and the value where that is short. */
function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null) return `a ${typeof value}${showPrimitive(value)}`
  const name = constructorName(value)
  return /^[aeiou]/i.test(name) ? `an ${name}` : `a ${name}`
}

function showPrimitive(value: unknown): string {
  return typeof value === 'function' ? '' : ` (${String(value)})`
}

/** An object without a prototype has no constructor, and a field may have its name. */
function constructorName(value: object): string {
  const { constructor } = value as { readonly constructor?: unknown }
  return typeof constructor === 'function' && constructor.name ? constructor.name : 'Object'
}

/**
 * What a caller gave as a user's id: it may have given the id itself in place of a user. Some kinds of ids have a field
 * `id` with their bytes: MongoDB's `ObjectId` has.
 */
export function givenId(user: unknown): unknown {
  if (typeof user !== 'object' || user === null || Array.isArray(user)) return user
  const { id } = user as { readonly id?: unknown }
  const isPlain = constructorName(user) === 'Object'
  const isUser = isPlain || (id !== undefined && !ArrayBuffer.isView(id))
  return isUser ? id : user
}
