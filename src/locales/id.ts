import type { TypingLocale } from '../core/language/locale.ts'

/** Indonesian. */
export const id: TypingLocale = {
  tag: 'id',
  party: 'Lawan bicara',
  somebody: 'Seseorang',
  people: { other: '{n} orang' },
  others: { other: '{n} orang lainnya' },
  sentences: {
    typing: { other: '{who} sedang mengetik…' },
    recording: { other: '{who} sedang merekam pesan suara…' },
    photo: { other: '{who} sedang mengirim foto…' },
    video: { other: '{who} sedang mengirim video…' },
    file: { other: '{who} sedang mengirim file…' },
    sticker: { other: '{who} sedang memilih stiker…' },
    thinking: { other: '{who} sedang berpikir…' },
  },
}
