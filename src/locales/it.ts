import type { Sentence, TypingLocale } from '../core/language/locale.ts'
import { romance } from '../core/language/plural-rules.ts'

const sentence = (one: string, other: string): Sentence => ({ one, many: other, other })

/** Italian. */
export const it: TypingLocale = {
  tag: 'it',
  plural: romance,
  and: ' e ',
  party: 'L’altra persona',
  somebody: 'Qualcuno',
  people: { one: '{n} persona', many: '{n} di persone', other: '{n} persone' },
  others: { one: '{n} altra persona', many: '{n} di altre persone', other: '{n} altre persone' },
  sentences: {
    typing: sentence('{who} sta scrivendo…', '{who} stanno scrivendo…'),
    recording: sentence('{who} sta registrando un messaggio vocale…', '{who} stanno registrando un messaggio vocale…'),
    photo: sentence('{who} sta inviando una foto…', '{who} stanno inviando una foto…'),
    video: sentence('{who} sta inviando un video…', '{who} stanno inviando un video…'),
    file: sentence('{who} sta inviando un file…', '{who} stanno inviando un file…'),
    sticker: sentence('{who} sta scegliendo uno sticker…', '{who} stanno scegliendo uno sticker…'),
    thinking: sentence('{who} sta pensando…', '{who} stanno pensando…'),
  },
}
