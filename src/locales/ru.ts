import type { Sentence, TypingLocale } from '../core/language/locale.ts'
import { eastSlavic } from '../core/language/plural-rules.ts'

/** "21 человек печатает", but "Олег и ещё 20 печатают". */
const sentence = (one: string, several: string): Sentence => ({
  one,
  few: several,
  many: several,
  other: several,
  joined: { other: several },
})

/** Russian. */
export const ru: TypingLocale = {
  tag: 'ru',
  plural: eastSlavic,
  and: ' и ',
  party: 'Собеседник',
  somebody: 'Кто-то',
  people: { one: '{n} человек', few: '{n} человека', many: '{n} человек', other: '{n} человека' },
  others: { other: 'ещё {n}' },
  sentences: {
    typing: sentence('{who} печатает…', '{who} печатают…'),
    recording: sentence('{who} записывает аудио…', '{who} записывают аудио…'),
    photo: sentence('{who} отправляет фото…', '{who} отправляют фото…'),
    video: sentence('{who} отправляет видео…', '{who} отправляют видео…'),
    file: sentence('{who} отправляет файл…', '{who} отправляют файл…'),
    sticker: sentence('{who} выбирает стикер…', '{who} выбирают стикер…'),
    thinking: sentence('{who} думает…', '{who} думают…'),
  },
}
