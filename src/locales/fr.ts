import type { Sentence, TypingLocale } from '../core/language/locale.ts'
import { romance } from '../core/language/plural-rules.ts'

const sentence = (one: string, other: string): Sentence => ({ one, many: other, other })

/** French. */
export const fr: TypingLocale = {
  tag: 'fr',
  plural: romance,
  and: ' et ',
  party: 'L’autre personne',
  somebody: 'Quelqu’un',
  people: { one: '{n} personne', many: '{n} de personnes', other: '{n} personnes' },
  others: { one: '{n} autre personne', many: '{n} d’autres personnes', other: '{n} autres personnes' },
  sentences: {
    typing: sentence('{who} écrit…', '{who} écrivent…'),
    recording: sentence('{who} enregistre un message vocal…', '{who} enregistrent un message vocal…'),
    photo: sentence('{who} envoie une photo…', '{who} envoient une photo…'),
    video: sentence('{who} envoie une vidéo…', '{who} envoient une vidéo…'),
    file: sentence('{who} envoie un fichier…', '{who} envoient un fichier…'),
    sticker: sentence('{who} choisit un sticker…', '{who} choisissent un sticker…'),
    thinking: sentence('{who} réfléchit…', '{who} réfléchissent…'),
  },
}
