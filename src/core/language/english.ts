import type { Sentence, TypingLocale } from './locale.ts'

const doing = (what: string): Sentence => ({ one: `{who} is ${what}…`, other: `{who} are ${what}…` })

/** English, the default. British, whose lists have no comma before "and". */
export const english: TypingLocale = {
  tag: 'en-GB',
  party: 'The other party',
  somebody: 'Somebody',
  people: { other: '{n} people' },
  others: { one: '{n} other', other: '{n} others' },
  sentences: {
    typing: doing('typing'),
    recording: doing('recording a voice message'),
    photo: doing('sending a photo'),
    video: doing('sending a video'),
    file: doing('sending a file'),
    sticker: doing('choosing a sticker'),
    thinking: doing('thinking'),
  },
}
