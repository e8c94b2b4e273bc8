import type { TypingLocale } from '../core/language/locale.ts'
import { alwaysOther } from '../core/language/plural-rules.ts'

/** Simplified Chinese. */
export const zhCN: TypingLocale = {
  tag: 'zh-CN',
  plural: alwaysOther,
  and: '和',
  comma: '、',
  party: '对方',
  somebody: '有人',
  people: { other: '{n} 人' },
  others: { other: '另外 {n} 人' },
  sentences: {
    typing: { other: '{who}正在输入…' },
    recording: { other: '{who}正在录制语音…' },
    photo: { other: '{who}正在发送图片…' },
    video: { other: '{who}正在发送视频…' },
    file: { other: '{who}正在发送文件…' },
    sticker: { other: '{who}正在选择表情…' },
    thinking: { other: '{who}正在思考…' },
  },
}
