import type { Sentence, TypingLocale } from '../core/language/locale.ts'
import { romance } from '../core/language/plural-rules.ts'

const sentence = (one: string, other: string): Sentence => ({ one, many: other, other })

/** Brazilian Portuguese. */
export const ptBR: TypingLocale = {
  tag: 'pt-BR',
  plural: romance,
  and: ' e ',
  party: 'A outra pessoa',
  somebody: 'Alguém',
  people: { one: '{n} pessoa', many: '{n} de pessoas', other: '{n} pessoas' },
  others: { one: 'mais {n} pessoa', many: 'mais {n} de pessoas', other: 'mais {n} pessoas' },
  sentences: {
    typing: sentence('{who} está digitando…', '{who} estão digitando…'),
    recording: sentence('{who} está gravando uma mensagem de voz…', '{who} estão gravando uma mensagem de voz…'),
    photo: sentence('{who} está enviando uma foto…', '{who} estão enviando uma foto…'),
    video: sentence('{who} está enviando um vídeo…', '{who} estão enviando um vídeo…'),
    file: sentence('{who} está enviando um arquivo…', '{who} estão enviando um arquivo…'),
    sticker: sentence('{who} está escolhendo uma figurinha…', '{who} estão escolhendo uma figurinha…'),
    thinking: sentence('{who} está pensando…', '{who} estão pensando…'),
  },
}
