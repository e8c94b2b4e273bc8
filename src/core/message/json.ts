import { failure } from './failure.ts'
import type { SendFailure } from './message.ts'

/**
 * Writes a message's data as the string that crosses the wire: JSON, and the empty string for no data.
 *
 * @param maxBytes most bytes it may have in UTF-8.
 * @throws whatever it is that keeps JSON from holding it: see `notJson`.
 */
export function writeData(data: unknown, maxBytes: number): string | SendFailure {
  const text = data === undefined ? '' : (JSON.stringify(data) as string | undefined)
  if (text === undefined) throw new TypeError(`a ${typeof data}`)
  const bytes = new TextEncoder().encode(text).length
  return bytes > maxBytes ? failure('too-large', `data has ${bytes} bytes: send at most ${maxBytes}.`) : text
}

/** What has kept JSON from holding data. Not `String(error)`: an app's `toJSON` can throw what throws again. */
export const notJson = (error: unknown): SendFailure =>
  failure('invalid', `data: ${(error as Partial<Error> | null)?.message}. Send JSON.`)

/** `writeData` for those who do not catch: a failure says why it cannot. */
export function encodeData(data: unknown, maxBytes: number): string | SendFailure {
  try {
    return writeData(data, maxBytes)
  } catch (error) {
    return notJson(error)
  }
}

/** Reads what `encodeData` wrote. What is no JSON, which only a hostile sender writes, is no data. */
export function decodeData(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
