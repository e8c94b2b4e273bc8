import type { TypingLocale } from '../core/language/locale.ts'

/** Persian. */
export const fa: TypingLocale = {
  tag: 'fa',
  and: (_last, isPair) => (isPair ? ' و ' : '، و '),
  comma: '،\u200f ',
  party: 'طرف مقابل',
  somebody: 'یک نفر',
  people: { other: '{n} نفر' },
  others: { other: '{n} نفر دیگر' },
  sentences: {
    typing: { one: '{who} در حال نوشتن است…', other: '{who} در حال نوشتن هستند…' },
    recording: { one: '{who} در حال ضبط پیام صوتی است…', other: '{who} در حال ضبط پیام صوتی هستند…' },
    photo: { one: '{who} در حال ارسال عکس است…', other: '{who} در حال ارسال عکس هستند…' },
    video: { one: '{who} در حال ارسال ویدیو است…', other: '{who} در حال ارسال ویدیو هستند…' },
    file: { one: '{who} در حال ارسال فایل است…', other: '{who} در حال ارسال فایل هستند…' },
    sticker: { one: '{who} در حال انتخاب استیکر است…', other: '{who} در حال انتخاب استیکر هستند…' },
    thinking: { one: '{who} در حال فکر کردن است…', other: '{who} در حال فکر کردن هستند…' },
  },
}
