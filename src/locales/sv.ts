import type { TypingLocale } from '../core/language/locale.ts'

/** Swedish. */
export const sv: TypingLocale = {
  tag: 'sv',
  and: ' och ',
  party: 'Den andra personen',
  somebody: 'Någon',
  people: { other: '{n} personer' },
  others: { one: '{n} annan', other: '{n} andra' },
  sentences: {
    typing: { other: '{who} skriver…' },
    recording: { other: '{who} spelar in ett röstmeddelande…' },
    photo: { other: '{who} skickar ett foto…' },
    video: { other: '{who} skickar en video…' },
    file: { other: '{who} skickar en fil…' },
    sticker: { other: '{who} väljer ett klistermärke…' },
    thinking: { other: '{who} tänker…' },
  },
}
