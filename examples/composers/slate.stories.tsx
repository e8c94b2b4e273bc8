import type { Meta, StoryObj } from '@storybook/react-vite'
import { code, oneLine } from './docs.ts'
import { SlateComposer } from './samples/slate.tsx'
import source from './samples/slate.tsx?raw'
import { Scene } from './scene.tsx'

const meta: Meta = {
  title: 'Drop-in/Slate',
  parameters: oneLine('<Editable {...inputProps} />'),
}
export default meta

export const Composer: StoryObj = {
  render: () => <Scene composer={SlateComposer} />,
  parameters: code(source),
}
