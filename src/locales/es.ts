import type { Sentence, TypingLocale } from '../core/language/locale.ts'

const doing = (one: string, other: string): Sentence => ({ one, many: other, other })

/** Spanish. */
export const es: TypingLocale = {
  tag: 'es',
  party: 'La otra persona',
  somebody: 'Alguien',
  people: { one: '{n} persona', many: '{n} de personas', other: '{n} personas' },
  others: { one: '{n} persona más', many: '{n} de personas más', other: '{n} personas más' },
  sentences: {
    typing: doing('{who} está escribiendo…', '{who} están escribiendo…'),
    recording: doing('{who} está grabando un mensaje de voz…', '{who} están grabando un mensaje de voz…'),
    photo: doing('{who} está enviando una foto…', '{who} están enviando una foto…'),
    video: doing('{who} está enviando un video…', '{who} están enviando un video…'),
    file: doing('{who} está enviando un archivo…', '{who} están enviando un archivo…'),
    sticker: doing('{who} está eligiendo un sticker…', '{who} están eligiendo un sticker…'),
    thinking: doing('{who} está pensando…', '{who} están pensando…'),
  },
}
