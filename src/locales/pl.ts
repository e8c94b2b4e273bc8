import type { Sentence, TypingLocale } from '../core/language/locale.ts'
import { polish } from '../core/language/plural-rules.ts'

/** "5 osób pisze", but "22 osoby piszą" and "Ewa i 5 innych osób piszą". */
const sentence = (one: string, several: string): Sentence => ({
  one,
  few: several,
  many: one,
  other: one,
  joined: { other: several },
})

/** Polish. */
export const pl: TypingLocale = {
  tag: 'pl',
  plural: polish,
  and: ' i ',
  party: 'Druga osoba',
  somebody: 'Ktoś',
  people: { one: '{n} osoba', few: '{n} osoby', many: '{n} osób', other: '{n} osoby' },
  others: { one: '{n} inna osoba', few: '{n} inne osoby', many: '{n} innych osób', other: '{n} innej osoby' },
  sentences: {
    typing: sentence('{who} pisze…', '{who} piszą…'),
    recording: sentence('{who} nagrywa wiadomość głosową…', '{who} nagrywają wiadomość głosową…'),
    photo: sentence('{who} wysyła zdjęcie…', '{who} wysyłają zdjęcie…'),
    video: sentence('{who} wysyła film…', '{who} wysyłają film…'),
    file: sentence('{who} wysyła plik…', '{who} wysyłają plik…'),
    sticker: sentence('{who} wybiera naklejkę…', '{who} wybierają naklejkę…'),
    thinking: sentence('{who} myśli…', '{who} myślą…'),
  },
}
