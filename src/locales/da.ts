import type { TypingLocale } from '../core/language/locale.ts'

/** Danish. */
export const da: TypingLocale = {
  tag: 'da',
  and: ' og ',
  party: 'Den anden person',
  somebody: 'Nogen',
  people: { other: '{n} personer' },
  others: { one: '{n} anden', other: '{n} andre' },
  sentences: {
    typing: { other: '{who} skriver…' },
    recording: { other: '{who} optager en talebesked…' },
    photo: { other: '{who} sender et billede…' },
    video: { other: '{who} sender en video…' },
    file: { other: '{who} sender en fil…' },
    sticker: { other: '{who} vælger et klistermærke…' },
    thinking: { other: '{who} tænker…' },
  },
}
