import type { Sentence, TypingLocale } from '../core/language/locale.ts'
import { romance } from '../core/language/plural-rules.ts'

const sentence = (one: string, other: string): Sentence => ({ one, many: other, other })

/** "Ana y Luz", but "Ana e Inés" and "Ana e Hilda", and again "Ana y Hiena". */
const and = (last: string) => (/^(i|hi(?![ae]))/i.test(last) ? ' e ' : ' y ')

/** Spanish. */
export const es: TypingLocale = {
  tag: 'es',
  plural: romance,
  and,
  party: 'La otra persona',
  somebody: 'Alguien',
  people: { one: '{n} persona', many: '{n} de personas', other: '{n} personas' },
  others: { one: '{n} persona más', many: '{n} de personas más', other: '{n} personas más' },
  sentences: {
    typing: sentence('{who} está escribiendo…', '{who} están escribiendo…'),
    recording: sentence('{who} está grabando un mensaje de voz…', '{who} están grabando un mensaje de voz…'),
    photo: sentence('{who} está enviando una foto…', '{who} están enviando una foto…'),
    video: sentence('{who} está enviando un video…', '{who} están enviando un video…'),
    file: sentence('{who} está enviando un archivo…', '{who} están enviando un archivo…'),
    sticker: sentence('{who} está eligiendo un sticker…', '{who} están eligiendo un sticker…'),
    thinking: sentence('{who} está pensando…', '{who} están pensando…'),
  },
}
