import { shownName } from '../../core/language/format-typing.ts'

/** How many typists have a picture; the others are counted. */
export const MAX_AVATARS = 3

/**
 * The first letter, number or symbol of a name with what belongs to it: accents, the second half of a flag, the rest of a
 * family. `Intl.Segmenter` knows more such combinations, but not every browser has it.
 */
const INITIAL = /\p{RI}{2}|[\p{L}\p{N}\p{S}](\p{M}|\p{Emoji_Modifier}|\u200d.)*/u

/** What stands for a typist without a picture. `undefined` when the name has no letter, number or symbol. */
export const initialOf = (name: string | undefined): string | undefined => INITIAL.exec(shownName(name))?.[0]
