import type { Meta, StoryObj } from '@storybook/react-vite'
import { code, oneLine } from './docs.ts'
import { ChatscopeComposer } from './samples/chatscope.tsx'
import source from './samples/chatscope.tsx?raw'
import { Scene } from './scene.tsx'

const meta: Meta = {
  title: 'Drop-in/chatscope',
  parameters: oneLine('<MessageInput {...inputProps} />'),
}
export default meta

export const Composer: StoryObj = {
  render: () => <Scene composer={ChatscopeComposer} />,
  parameters: code(source),
}
