import type { Sentence, TypingLocale } from '../core/language/locale.ts'

/** After a number the verb is singular: "3 henkilöä kirjoittaa", but "Aino ja 3 muuta kirjoittavat". */
const sentence = (one: string, several: string): Sentence => ({
  other: one,
  joined: { other: several },
})

/** Finnish. */
export const fi: TypingLocale = {
  tag: 'fi',
  and: ' ja ',
  party: 'Toinen osapuoli',
  somebody: 'Joku',
  people: { other: '{n} henkilöä' },
  others: { one: '{n} muu', other: '{n} muuta' },
  sentences: {
    typing: sentence('{who} kirjoittaa…', '{who} kirjoittavat…'),
    recording: sentence('{who} nauhoittaa ääniviestiä…', '{who} nauhoittavat ääniviestiä…'),
    photo: sentence('{who} lähettää kuvaa…', '{who} lähettävät kuvaa…'),
    video: sentence('{who} lähettää videota…', '{who} lähettävät videota…'),
    file: sentence('{who} lähettää tiedostoa…', '{who} lähettävät tiedostoa…'),
    sticker: sentence('{who} valitsee tarraa…', '{who} valitsevat tarraa…'),
    thinking: sentence('{who} miettii…', '{who} miettivät…'),
  },
}
