import type { Sentence, TypingLocale } from '../core/language/locale.ts'

/** "21 людина пише", but "Олег і ще 20 пишуть". */
const doing = (one: string, several: string): Sentence => ({
  one,
  few: several,
  many: several,
  other: several,
  joined: { other: several },
})

/** Ukrainian. */
export const uk: TypingLocale = {
  tag: 'uk',
  party: 'Співрозмовник',
  somebody: 'Хтось',
  people: { one: '{n} людина', few: '{n} людини', many: '{n} людей', other: '{n} людини' },
  others: { other: 'ще {n}' },
  sentences: {
    typing: doing('{who} пише…', '{who} пишуть…'),
    recording: doing('{who} записує аудіо…', '{who} записують аудіо…'),
    photo: doing('{who} надсилає фото…', '{who} надсилають фото…'),
    video: doing('{who} надсилає відео…', '{who} надсилають відео…'),
    file: doing('{who} надсилає файл…', '{who} надсилають файл…'),
    sticker: doing('{who} вибирає стікер…', '{who} вибирають стікер…'),
    thinking: doing('{who} думає…', '{who} думають…'),
  },
}
