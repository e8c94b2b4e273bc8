import type { TypingLocale } from '../core/language/locale.ts'

/** Turkish. */
export const tr: TypingLocale = {
  tag: 'tr',
  and: ' ve ',
  party: 'Karşı taraf',
  somebody: 'Birisi',
  people: { other: '{n} kişi' },
  others: { other: '{n} kişi daha' },
  sentences: {
    typing: { other: '{who} yazıyor…' },
    recording: { other: '{who} sesli mesaj kaydediyor…' },
    photo: { other: '{who} fotoğraf gönderiyor…' },
    video: { other: '{who} video gönderiyor…' },
    file: { other: '{who} dosya gönderiyor…' },
    sticker: { other: '{who} çıkartma seçiyor…' },
    thinking: { other: '{who} düşünüyor…' },
  },
}
