import type { Sentence, TypingLocale } from '../core/language/locale.ts'
import { eastSlavic } from '../core/language/plural-rules.ts'

/** "21 людина пише", but "Олег і ще 20 пишуть". */
const sentence = (one: string, several: string): Sentence => ({
  one,
  few: several,
  many: several,
  other: several,
  joined: { other: several },
})

/** Ukrainian. */
export const uk: TypingLocale = {
  tag: 'uk',
  plural: eastSlavic,
  and: ' і ',
  party: 'Співрозмовник',
  somebody: 'Хтось',
  people: { one: '{n} людина', few: '{n} людини', many: '{n} людей', other: '{n} людини' },
  others: { other: 'ще {n}' },
  sentences: {
    typing: sentence('{who} пише…', '{who} пишуть…'),
    recording: sentence('{who} записує аудіо…', '{who} записують аудіо…'),
    photo: sentence('{who} надсилає фото…', '{who} надсилають фото…'),
    video: sentence('{who} надсилає відео…', '{who} надсилають відео…'),
    file: sentence('{who} надсилає файл…', '{who} надсилають файл…'),
    sticker: sentence('{who} вибирає стікер…', '{who} вибирають стікер…'),
    thinking: sentence('{who} думає…', '{who} думають…'),
  },
}
