import type { Sentence, TypingLocale } from '../core/language/locale.ts'
import { alwaysOther } from '../core/language/plural-rules.ts'

/** A name has no particle after it, because the particle would depend on how the name ends. */
const sentence = (other: string, party: string): Sentence => ({
  other,
  party: { other: party },
})

/** Korean. */
export const ko: TypingLocale = {
  tag: 'ko',
  plural: alwaysOther,
  and: ' 및 ',
  party: '상대방',
  somebody: '누군가',
  people: { other: '{n}명' },
  others: { other: '다른 {n}명' },
  sentences: {
    typing: sentence('{who} 입력 중…', '{who}이 입력 중…'),
    recording: sentence('{who} 음성 메시지 녹음 중…', '{who}이 음성 메시지 녹음 중…'),
    photo: sentence('{who} 사진 전송 중…', '{who}이 사진 전송 중…'),
    video: sentence('{who} 동영상 전송 중…', '{who}이 동영상 전송 중…'),
    file: sentence('{who} 파일 전송 중…', '{who}이 파일 전송 중…'),
    sticker: sentence('{who} 스티커 선택 중…', '{who}이 스티커 선택 중…'),
    thinking: sentence('{who} 생각 중…', '{who}이 생각 중…'),
  },
}
