/**
 * The words by which a page is found, of a word on it or of a word in a question: "styling" and "styles" are found by
 * "style", and `useTypingInput` by "typing input".
 *
 * It refers to nothing outside of itself, because VitePress writes its text into the pages.
 */
export function searchTerms(word) {
  const stemOf = (part) => part.toLowerCase().replace(/^(.{4,}?)(?:ings?|ed|es|e|s)$/, '$1')
  const parts = word.split(/(?<=[a-z0-9])(?=[A-Z])/)
  const terms = parts.length > 1 ? [word, ...parts] : parts
  return terms.map(stemOf).filter((term) => term !== '')
}
