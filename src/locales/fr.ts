import type { Sentence, TypingLocale } from '../core/language/locale.ts'

const doing = (one: string, other: string): Sentence => ({ one, many: other, other })

/** French. */
export const fr: TypingLocale = {
  tag: 'fr',
  party: 'L’autre personne',
  somebody: 'Quelqu’un',
  people: { one: '{n} personne', many: '{n} de personnes', other: '{n} personnes' },
  others: { one: '{n} autre personne', many: '{n} d’autres personnes', other: '{n} autres personnes' },
  sentences: {
    typing: doing('{who} écrit…', '{who} écrivent…'),
    recording: doing('{who} enregistre un message vocal…', '{who} enregistrent un message vocal…'),
    photo: doing('{who} envoie une photo…', '{who} envoient une photo…'),
    video: doing('{who} envoie une vidéo…', '{who} envoient une vidéo…'),
    file: doing('{who} envoie un fichier…', '{who} envoient un fichier…'),
    sticker: doing('{who} choisit un sticker…', '{who} choisissent un sticker…'),
    thinking: doing('{who} réfléchit…', '{who} réfléchissent…'),
  },
}
