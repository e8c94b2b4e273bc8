import type { Sentence, TypingLocale } from '../core/language/locale.ts'

/** "21 человек печатает", but "Олег и ещё 20 печатают". */
const doing = (one: string, several: string): Sentence => ({
  one,
  few: several,
  many: several,
  other: several,
  joined: { other: several },
})

/** Russian. */
export const ru: TypingLocale = {
  tag: 'ru',
  party: 'Собеседник',
  somebody: 'Кто-то',
  people: { one: '{n} человек', few: '{n} человека', many: '{n} человек', other: '{n} человека' },
  others: { other: 'ещё {n}' },
  sentences: {
    typing: doing('{who} печатает…', '{who} печатают…'),
    recording: doing('{who} записывает аудио…', '{who} записывают аудио…'),
    photo: doing('{who} отправляет фото…', '{who} отправляют фото…'),
    video: doing('{who} отправляет видео…', '{who} отправляют видео…'),
    file: doing('{who} отправляет файл…', '{who} отправляют файл…'),
    sticker: doing('{who} выбирает стикер…', '{who} выбирают стикер…'),
    thinking: doing('{who} думает…', '{who} думают…'),
  },
}
