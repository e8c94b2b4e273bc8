import type { Sentence, TypingLocale } from '../core/language/locale.ts'

/** No particle after a name: it would depend on how the name ends. */
const doing = (other: string, party: string): Sentence => ({
  other,
  party: { other: party },
})

/** Korean. */
export const ko: TypingLocale = {
  tag: 'ko',
  party: '상대방',
  somebody: '누군가',
  people: { other: '{n}명' },
  others: { other: '다른 {n}명' },
  sentences: {
    typing: doing('{who} 입력 중…', '{who}이 입력 중…'),
    recording: doing('{who} 음성 메시지 녹음 중…', '{who}이 음성 메시지 녹음 중…'),
    photo: doing('{who} 사진 전송 중…', '{who}이 사진 전송 중…'),
    video: doing('{who} 동영상 전송 중…', '{who}이 동영상 전송 중…'),
    file: doing('{who} 파일 전송 중…', '{who}이 파일 전송 중…'),
    sticker: doing('{who} 스티커 선택 중…', '{who}이 스티커 선택 중…'),
    thinking: doing('{who} 생각 중…', '{who}이 생각 중…'),
  },
}
