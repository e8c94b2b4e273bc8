import type { Sentence, TypingLocale } from '../core/language/locale.ts'
import { hebrew } from '../core/language/plural-rules.ts'

/** A name may be a woman’s or a man’s. The word for the other party is masculine. */
const sentence = (party: string, one: string, other: string): Sentence => ({
  one,
  two: other,
  other,
  party: { other: party },
})

/** "And" is a prefix, which a hyphen separates from other scripts: "נועה ויוסי", but "נועה ו-Ada". */
const and = (last: string) => (/^\p{Script=Hebrew}/u.test(last) ? ' ו' : ' ו-')

/** Hebrew. */
export const he: TypingLocale = {
  tag: 'he',
  plural: hebrew,
  and,
  party: 'הצד השני',
  somebody: 'מישהו/י',
  people: { one: 'אדם אחד', two: 'שני אנשים', other: '{n} אנשים' },
  others: { one: 'עוד אדם אחד', two: 'עוד שני אנשים', other: 'עוד {n} אנשים' },
  sentences: {
    typing: sentence('{who} מקליד…', '{who} מקליד/ה…', '{who} מקלידים…'),
    recording: sentence('{who} מקליט הודעה קולית…', '{who} מקליט/ה הודעה קולית…', '{who} מקליטים הודעה קולית…'),
    photo: sentence('{who} שולח תמונה…', '{who} שולח/ת תמונה…', '{who} שולחים תמונה…'),
    video: sentence('{who} שולח סרטון…', '{who} שולח/ת סרטון…', '{who} שולחים סרטון…'),
    file: sentence('{who} שולח קובץ…', '{who} שולח/ת קובץ…', '{who} שולחים קובץ…'),
    sticker: sentence('{who} בוחר מדבקה…', '{who} בוחר/ת מדבקה…', '{who} בוחרים מדבקה…'),
    thinking: sentence('{who} חושב…', '{who} חושב/ת…', '{who} חושבים…'),
  },
}
