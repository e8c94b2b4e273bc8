import type { Meta, StoryObj } from '@storybook/react-vite'
import { code, oneLine } from './docs.ts'
import { LexicalComposer } from './samples/lexical.tsx'
import source from './samples/lexical.tsx?raw'
import { Scene } from './scene.tsx'

const meta: Meta = {
  title: 'Drop-in/Lexical',
  parameters: oneLine('<ContentEditable {...inputProps} />'),
}
export default meta

export const Composer: StoryObj = {
  render: () => <Scene composer={LexicalComposer} />,
  parameters: code(source),
}
