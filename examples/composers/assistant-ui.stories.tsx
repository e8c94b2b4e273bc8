import type { Meta, StoryObj } from '@storybook/react-vite'
import { code, oneLine } from './docs.ts'
import { AssistantUiComposer } from './samples/assistant-ui.tsx'
import source from './samples/assistant-ui.tsx?raw'
import { Scene } from './scene.tsx'

const meta: Meta = {
  title: 'Drop-in/assistant-ui',
  parameters: oneLine('<ComposerPrimitive.Input {...inputProps} />'),
}
export default meta

export const Composer: StoryObj = {
  render: () => <Scene composer={AssistantUiComposer} />,
  parameters: code(source),
}
