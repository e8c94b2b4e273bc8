/**
 * How many bytes a text has in UTF-8. `TextEncoder` would say so, too, and is missing in jsdom and in React Native.
 */
export function utf8Length(text: string): number {
  let bytes = 0
  for (const character of text) bytes += bytesOf(character)
  return bytes
}

/** @param character one code point. */
function bytesOf(character: string): number {
  // A pair of surrogates.
  if (character.length === 2) return 4
  const unit = character.charCodeAt(0)
  if (unit < 0x80) return 1
  if (unit < 0x800) return 2
  // A lone surrogate is here, too: it is written as U+FFFD.
  return 3
}
