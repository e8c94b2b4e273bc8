import type { Meta, StoryObj } from '@storybook/react-vite'
import { code, oneLine } from './docs.ts'
import { TiptapComposer } from './samples/tiptap.tsx'
import source from './samples/tiptap.tsx?raw'
import { Scene } from './scene.tsx'

const meta: Meta = {
  title: 'Drop-in/TipTap',
  parameters: oneLine('<EditorContent {...inputProps} editor={editor} />'),
}
export default meta

export const Composer: StoryObj = {
  render: () => <Scene composer={TiptapComposer} />,
  parameters: code(source),
}
