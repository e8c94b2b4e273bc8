import type { TypingLocale } from '../core/language/locale.ts'
import { alwaysOther } from '../core/language/plural-rules.ts'

/** Vietnamese. */
export const vi: TypingLocale = {
  tag: 'vi',
  plural: alwaysOther,
  and: ' và ',
  party: 'Đối phương',
  somebody: 'Ai đó',
  people: { other: '{n} người' },
  others: { other: '{n} người khác' },
  sentences: {
    typing: { other: '{who} đang soạn tin…' },
    recording: { other: '{who} đang ghi tin nhắn thoại…' },
    photo: { other: '{who} đang gửi ảnh…' },
    video: { other: '{who} đang gửi video…' },
    file: { other: '{who} đang gửi tệp…' },
    sticker: { other: '{who} đang chọn nhãn dán…' },
    thinking: { other: '{who} đang suy nghĩ…' },
  },
}
