import type { Meta, StoryObj } from '@storybook/react-vite'
import { code, oneLine } from './docs.ts'
import { MuiComposer } from './samples/mui.tsx'
import source from './samples/mui.tsx?raw'
import { Scene } from './scene.tsx'

const meta: Meta = {
  title: 'Drop-in/MUI TextField',
  parameters: oneLine('<TextField {...inputProps} />'),
}
export default meta

export const Composer: StoryObj = {
  render: () => <Scene composer={MuiComposer} />,
  parameters: code(source),
}
