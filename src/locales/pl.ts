import type { Sentence, TypingLocale } from '../core/language/locale.ts'

/** "5 osób pisze", but "22 osoby piszą" and "Ewa i 5 innych osób piszą". */
const doing = (one: string, several: string): Sentence => ({
  one,
  few: several,
  many: one,
  other: one,
  joined: { other: several },
})

/** Polish. */
export const pl: TypingLocale = {
  tag: 'pl',
  party: 'Druga osoba',
  somebody: 'Ktoś',
  people: { one: '{n} osoba', few: '{n} osoby', many: '{n} osób', other: '{n} osoby' },
  others: { one: '{n} inna osoba', few: '{n} inne osoby', many: '{n} innych osób', other: '{n} innej osoby' },
  sentences: {
    typing: doing('{who} pisze…', '{who} piszą…'),
    recording: doing('{who} nagrywa wiadomość głosową…', '{who} nagrywają wiadomość głosową…'),
    photo: doing('{who} wysyła zdjęcie…', '{who} wysyłają zdjęcie…'),
    video: doing('{who} wysyła film…', '{who} wysyłają film…'),
    file: doing('{who} wysyła plik…', '{who} wysyłają plik…'),
    sticker: doing('{who} wybiera naklejkę…', '{who} wybierają naklejkę…'),
    thinking: doing('{who} myśli…', '{who} myślą…'),
  },
}
