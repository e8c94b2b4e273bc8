import type { SendFailure } from './send-result.ts'
import { dataNotJson, dataTooLarge } from './validation-failures.ts'
import { utf8Length } from './utf8-length.ts'

/**
 * Writes a message's data as the string that crosses the wire: JSON, and the empty string for no data. It never throws:
 * a failure says why JSON cannot hold the data (T2).
 *
 * @param maxBytes most bytes that the string may have in UTF-8.
 */
export function encodeData(data: unknown, maxBytes: number): string | SendFailure {
  if (data === undefined) return ''
  let text: string | undefined
  try {
    text = stringify(data)
  } catch (error) {
    return notJson(error)
  }
  if (text === undefined) return dataNotJson(`JSON has no text for this ${typeof data}`)
  const bytes = utf8Length(text)
  return bytes > maxBytes ? dataTooLarge(bytes, maxBytes) : text
}

// Undefined for a function, a symbol, and an object whose toJSON() returns undefined: JSON.stringify's type hides that.
const stringify = (data: unknown): string | undefined => JSON.stringify(data)

/** The failure for data that cannot be written. An app's toJSON() can throw anything, not only an `Error`. */
export function notJson(error: unknown): SendFailure {
  return dataNotJson(error instanceof Error ? error.message : 'its toJSON() throws')
}

/** Reads what `encodeData` wrote. Text that is not JSON, which only a hostile sender writes, counts as no data. */
export function decodeData(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
