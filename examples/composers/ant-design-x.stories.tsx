import type { Meta, StoryObj } from '@storybook/react-vite'
import { code, oneLine } from './docs.ts'
import { AntDesignXComposer } from './samples/ant-design-x.tsx'
import source from './samples/ant-design-x.tsx?raw'
import { answer } from './samples/thinking-assistant.ts'
import answerSource from './samples/thinking-assistant.ts?raw'
import { Scene } from './scene.tsx'

const meta: Meta = {
  title: 'Drop-in/Ant Design X',
  parameters: oneLine('<div {...inputProps}><Sender /></div>'),
}
export default meta

export const Composer: StoryObj = {
  render: () => <Scene composer={AntDesignXComposer} />,
  parameters: code(source),
}

/** Simulates a language model. */
const ask = (question: string) =>
  new Promise<string>((resolve) => setTimeout(() => resolve(`You ask: “${question}” Let me sleep on it.`), 2500))

/** Ask the assistant something: it is shown as thinking until it answers. */
export const ThinkingAssistant: StoryObj = {
  render: () => (
    <Scene
      composer={AntDesignXComposer}
      other={{ id: 'assistant', name: 'Assistant' }}
      answer={(client, user, question) => answer(client, user, question, ask)}
    />
  ),
  parameters: code(answerSource),
}
