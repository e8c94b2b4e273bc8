import type { TypingLocale } from '../core/language/locale.ts'

/** German. */
export const de: TypingLocale = {
  tag: 'de',
  and: ' und ',
  party: 'Die andere Person',
  somebody: 'Jemand',
  people: { other: '{n} Personen' },
  others: { one: '{n} weitere Person', other: '{n} weitere Personen' },
  sentences: {
    typing: { one: '{who} schreibt…', other: '{who} schreiben…' },
    recording: { one: '{who} nimmt eine Sprachnachricht auf…', other: '{who} nehmen eine Sprachnachricht auf…' },
    photo: { one: '{who} sendet ein Foto…', other: '{who} senden ein Foto…' },
    video: { one: '{who} sendet ein Video…', other: '{who} senden ein Video…' },
    file: { one: '{who} sendet eine Datei…', other: '{who} senden eine Datei…' },
    sticker: { one: '{who} wählt einen Sticker aus…', other: '{who} wählen einen Sticker aus…' },
    thinking: { one: '{who} denkt nach…', other: '{who} denken nach…' },
  },
}
