import type { Sentence, TypingLocale } from '../core/locale.ts'

const doing = (what: string): Sentence => ({ other: `{who}正在${what}…` })

/** Simplified Chinese. */
export const zhCN: TypingLocale = {
  tag: 'zh-CN',
  party: '对方',
  somebody: '有人',
  people: { other: '{n} 人' },
  others: { other: '另外 {n} 人' },
  sentences: {
    typing: doing('输入'),
    recording: doing('录制语音'),
    photo: doing('发送图片'),
    video: doing('发送视频'),
    file: doing('发送文件'),
    sticker: doing('选择表情'),
    thinking: doing('思考'),
  },
}
