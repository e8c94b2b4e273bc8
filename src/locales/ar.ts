import type { TypingLocale } from '../core/language/locale.ts'
import { arabic } from '../core/language/plural-rules.ts'

/** Arabic. The verb comes first, so it does not vary with the number of its subject. */
export const ar: TypingLocale = {
  tag: 'ar',
  plural: arabic,
  and: ' و',
  comma: ' و',
  party: 'الطرف الآخر',
  somebody: 'شخص ما',
  people: { zero: '{n} شخص', one: 'شخص واحد', two: 'شخصان', few: '{n} أشخاص', many: '{n} شخصًا', other: '{n} شخص' },
  others: {
    zero: '{n} شخص آخر',
    one: 'شخص آخر',
    two: 'شخصان آخران',
    few: '{n} أشخاص آخرين',
    many: '{n} شخصًا آخر',
    other: '{n} شخص آخر',
  },
  sentences: {
    typing: { other: 'يكتب {who}…' },
    recording: { other: 'يسجل {who} رسالة صوتية…' },
    photo: { other: 'يرسل {who} صورة…' },
    video: { other: 'يرسل {who} فيديو…' },
    file: { other: 'يرسل {who} ملفًا…' },
    sticker: { other: 'يختار {who} ملصقًا…' },
    thinking: { other: 'يفكر {who}…' },
  },
}
