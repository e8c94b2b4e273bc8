import type { TypingLocale } from '../core/language/locale.ts'

/** Dutch. */
export const nl: TypingLocale = {
  tag: 'nl',
  and: ' en ',
  party: 'De ander',
  somebody: 'Iemand',
  people: { other: '{n} personen' },
  others: { one: '{n} andere persoon', other: '{n} anderen' },
  sentences: {
    typing: { one: '{who} is aan het typen…', other: '{who} zijn aan het typen…' },
    recording: { one: '{who} neemt een spraakbericht op…', other: '{who} nemen een spraakbericht op…' },
    photo: { one: '{who} stuurt een foto…', other: '{who} sturen een foto…' },
    video: { one: '{who} stuurt een video…', other: '{who} sturen een video…' },
    file: { one: '{who} stuurt een bestand…', other: '{who} sturen een bestand…' },
    sticker: { one: '{who} kiest een sticker…', other: '{who} kiezen een sticker…' },
    thinking: { one: '{who} denkt na…', other: '{who} denken na…' },
  },
}
