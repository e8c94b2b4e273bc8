import type { TypingLocale } from '../core/language/locale.ts'

/** Norwegian (Bokmål). */
export const nb: TypingLocale = {
  tag: 'nb',
  and: ' og ',
  party: 'Den andre personen',
  somebody: 'Noen',
  people: { other: '{n} personer' },
  others: { one: '{n} annen', other: '{n} andre' },
  sentences: {
    typing: { other: '{who} skriver…' },
    recording: { other: '{who} tar opp en talemelding…' },
    photo: { other: '{who} sender et bilde…' },
    video: { other: '{who} sender en video…' },
    file: { other: '{who} sender en fil…' },
    sticker: { other: '{who} velger et klistremerke…' },
    thinking: { other: '{who} tenker…' },
  },
}
