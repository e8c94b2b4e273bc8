import { withoutBidiControls } from './isolate.ts'
import type { TypingLocale } from './locale.ts'

/**
 * Writes a list as the language does: "Ada, Grace and 3 others".
 *
 * @param people at least one; names are isolated.
 */
export function joinList(
  people: readonly string[],
  { and, comma = ', ' }: Pick<TypingLocale, 'and' | 'comma'>,
): string {
  const end = people.length - 1
  // A function chooses the word by how the bare name begins: Spanish "Ana e Inés".
  const andBefore = (last: string) => (typeof and === 'string' ? and : and(withoutBidiControls(last), end === 1))
  return people.reduce((list, person, index) => list + (index < end ? comma : andBefore(person)) + person)
}
