import type { TypingLocale } from '../core/language/locale.ts'
import { alwaysOther } from '../core/language/plural-rules.ts'

/** Traditional Chinese, as it is written in Taiwan. */
export const zhTW: TypingLocale = {
  tag: 'zh-TW',
  plural: alwaysOther,
  and: '和',
  comma: '、',
  party: '對方',
  somebody: '有人',
  people: { other: '{n} 人' },
  others: { other: '另外 {n} 人' },
  sentences: {
    typing: { other: '{who}正在輸入…' },
    recording: { other: '{who}正在錄製語音訊息…' },
    photo: { other: '{who}正在傳送照片…' },
    video: { other: '{who}正在傳送影片…' },
    file: { other: '{who}正在傳送檔案…' },
    sticker: { other: '{who}正在選擇貼圖…' },
    thinking: { other: '{who}正在思考…' },
  },
}
