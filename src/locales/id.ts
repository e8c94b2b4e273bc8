import type { TypingLocale } from '../core/language/locale.ts'
import { alwaysOther } from '../core/language/plural-rules.ts'

/** Indonesian. */
export const id: TypingLocale = {
  tag: 'id',
  plural: alwaysOther,
  and: (_last, isPair) => (isPair ? ' dan ' : ', dan '),
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
