import type { TypingLocale } from '../core/language/locale.ts'

/** Hindi. The verb is the polite plural, for one person too. */
export const hi: TypingLocale = {
  tag: 'hi',
  and: (_last, isPair) => (isPair ? ' और ' : ', और '),
  party: 'सामने वाले व्यक्ति',
  somebody: 'एक सदस्य',
  people: { one: '{n} व्यक्ति', other: '{n} लोग' },
  others: { one: '{n} अन्य व्यक्ति', other: '{n} अन्य लोग' },
  sentences: {
    typing: { other: '{who} लिख रहे हैं…' },
    recording: { other: '{who} वॉइस मैसेज रिकॉर्ड कर रहे हैं…' },
    photo: { other: '{who} फ़ोटो भेज रहे हैं…' },
    video: { other: '{who} वीडियो भेज रहे हैं…' },
    file: { other: '{who} फ़ाइल भेज रहे हैं…' },
    sticker: { other: '{who} स्टिकर चुन रहे हैं…' },
    thinking: { other: '{who} सोच रहे हैं…' },
  },
}
