import type { Sentence, TypingLocale } from '../core/language/locale.ts'

const doing = (one: string, other: string): Sentence => ({ one, many: other, other })

/** Brazilian Portuguese. */
export const ptBR: TypingLocale = {
  tag: 'pt-BR',
  party: 'A outra pessoa',
  somebody: 'Alguém',
  people: { one: '{n} pessoa', many: '{n} de pessoas', other: '{n} pessoas' },
  others: { one: 'mais {n} pessoa', many: 'mais {n} de pessoas', other: 'mais {n} pessoas' },
  sentences: {
    typing: doing('{who} está digitando…', '{who} estão digitando…'),
    recording: doing('{who} está gravando uma mensagem de voz…', '{who} estão gravando uma mensagem de voz…'),
    photo: doing('{who} está enviando uma foto…', '{who} estão enviando uma foto…'),
    video: doing('{who} está enviando um vídeo…', '{who} estão enviando um vídeo…'),
    file: doing('{who} está enviando um arquivo…', '{who} estão enviando um arquivo…'),
    sticker: doing('{who} está escolhendo uma figurinha…', '{who} estão escolhendo uma figurinha…'),
    thinking: doing('{who} está pensando…', '{who} estão pensando…'),
  },
}
