import type { Sentence, TypingLocale } from '../core/language/locale.ts'

/** A number has its verb in the singular: "3 henkilöä kirjoittaa", but "Aino ja 3 muuta kirjoittavat". */
const doing = (one: string, several: string): Sentence => ({
  other: one,
  joined: { other: several },
})

/** Finnish. */
export const fi: TypingLocale = {
  tag: 'fi',
  party: 'Toinen osapuoli',
  somebody: 'Joku',
  people: { other: '{n} henkilöä' },
  others: { one: '{n} muu', other: '{n} muuta' },
  sentences: {
    typing: doing('{who} kirjoittaa…', '{who} kirjoittavat…'),
    recording: doing('{who} nauhoittaa ääniviestiä…', '{who} nauhoittavat ääniviestiä…'),
    photo: doing('{who} lähettää kuvaa…', '{who} lähettävät kuvaa…'),
    video: doing('{who} lähettää videota…', '{who} lähettävät videota…'),
    file: doing('{who} lähettää tiedostoa…', '{who} lähettävät tiedostoa…'),
    sticker: doing('{who} valitsee tarraa…', '{who} valitsevat tarraa…'),
    thinking: doing('{who} miettii…', '{who} miettivät…'),
  },
}
