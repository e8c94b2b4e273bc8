import type { TypingLocale } from '../core/language/locale.ts'
import { alwaysOther } from '../core/language/plural-rules.ts'

/** Japanese. */
export const ja: TypingLocale = {
  tag: 'ja',
  plural: alwaysOther,
  and: '、',
  comma: '、',
  party: '相手',
  somebody: '誰か',
  people: { other: '{n}人' },
  others: { other: '他{n}人' },
  sentences: {
    typing: { other: '{who}が入力中…' },
    recording: { other: '{who}がボイスメッセージを録音中…' },
    photo: { other: '{who}が写真を送信中…' },
    video: { other: '{who}が動画を送信中…' },
    file: { other: '{who}がファイルを送信中…' },
    sticker: { other: '{who}がスタンプを選択中…' },
    thinking: { other: '{who}が考え中…' },
  },
}
