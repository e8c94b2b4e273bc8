import type { Sentence, TypingLocale } from './locale.ts'

const sentence = (what: string): Sentence => ({ one: `{who} is ${what}…`, other: `{who} are ${what}…` })

/** English, the default. It is British English, whose lists have no comma before "and". */
export const english: TypingLocale = {
  tag: 'en-GB',
  and: ' and ',
  party: 'The other party',
  somebody: 'Somebody',
  people: { other: '{n} people' },
  others: { one: '{n} other', other: '{n} others' },
  sentences: {
    typing: sentence('typing'),
    recording: sentence('recording a voice message'),
    photo: sentence('sending a photo'),
    video: sentence('sending a video'),
    file: sentence('sending a file'),
    sticker: sentence('choosing a sticker'),
    thinking: sentence('thinking'),
  },
}
