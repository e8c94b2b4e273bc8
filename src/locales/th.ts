import type { Sentence, TypingLocale } from '../core/language/locale.ts'
import { alwaysOther } from '../core/language/plural-rules.ts'

/** A space separates a name, which may be in any script, from the verb. A Thai subject needs none. */
const sentence = (other: string, party: string): Sentence => ({
  other,
  party: { other: party },
})

/** Thai. */
export const th: TypingLocale = {
  tag: 'th',
  plural: alwaysOther,
  and: (_last, isPair) => (isPair ? 'และ' : ' และ'),
  comma: ' ',
  party: 'อีกฝ่าย',
  somebody: 'ใครบางคน',
  people: { other: '{n} คน' },
  others: { other: 'อีก {n} คน' },
  sentences: {
    typing: sentence('{who} กำลังพิมพ์…', '{who}กำลังพิมพ์…'),
    recording: sentence('{who} กำลังบันทึกข้อความเสียง…', '{who}กำลังบันทึกข้อความเสียง…'),
    photo: sentence('{who} กำลังส่งรูปภาพ…', '{who}กำลังส่งรูปภาพ…'),
    video: sentence('{who} กำลังส่งวิดีโอ…', '{who}กำลังส่งวิดีโอ…'),
    file: sentence('{who} กำลังส่งไฟล์…', '{who}กำลังส่งไฟล์…'),
    sticker: sentence('{who} กำลังเลือกสติกเกอร์…', '{who}กำลังเลือกสติกเกอร์…'),
    thinking: sentence('{who} กำลังคิด…', '{who}กำลังคิด…'),
  },
}
