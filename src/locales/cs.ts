import type { Sentence, TypingLocale } from '../core/language/locale.ts'
import { czech } from '../core/language/plural-rules.ts'

/** "5 lidí píše", but "3 lidé píší" and "Eva a 5 dalších píší". */
const sentence = (one: string, several: string): Sentence => ({
  one,
  few: several,
  other: one,
  joined: { other: several },
})

/** Czech. */
export const cs: TypingLocale = {
  tag: 'cs',
  plural: czech,
  and: ' a\u00a0',
  party: 'Druhá strana',
  somebody: 'Někdo',
  people: { one: '{n} člověk', few: '{n} lidé', other: '{n} lidí' },
  others: { one: '{n} další', few: '{n} další', other: '{n} dalších' },
  sentences: {
    typing: sentence('{who} píše…', '{who} píší…'),
    recording: sentence('{who} nahrává hlasovou zprávu…', '{who} nahrávají hlasovou zprávu…'),
    photo: sentence('{who} posílá fotku…', '{who} posílají fotku…'),
    video: sentence('{who} posílá video…', '{who} posílají video…'),
    file: sentence('{who} posílá soubor…', '{who} posílají soubor…'),
    sticker: sentence('{who} vybírá nálepku…', '{who} vybírají nálepku…'),
    thinking: sentence('{who} přemýšlí…', '{who} přemýšlejí…'),
  },
}
