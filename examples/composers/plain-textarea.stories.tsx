import type { Meta, StoryObj } from '@storybook/react-vite'
import { code, oneLine } from './docs.ts'
import { TextareaComposer } from './samples/textarea.tsx'
import source from './samples/textarea.tsx?raw'
import { Scene } from './scene.tsx'

const meta: Meta = {
  title: 'Drop-in/Plain textarea',
  parameters: oneLine('<textarea {...inputProps} />'),
}
export default meta

export const Composer: StoryObj = {
  render: () => <Scene composer={TextareaComposer} />,
  parameters: code(source),
}
