import type { Meta, StoryObj } from '@storybook/react-vite'
import { code, oneLine } from './docs.ts'
import { ChatscopeComposer } from './examples/chatscope.tsx'
import source from './examples/chatscope.tsx?raw'
import { Scene } from './scene.tsx'

const meta: Meta = {
  title: 'Drop-in/chatscope',
  parameters: {
    ...oneLine('<MessageInput {...inputProps} />'),
    // The kit's send button is an icon without a name, and takes none.
    a11y: { config: { rules: [{ id: 'button-name', selector: 'button:not(.cs-button--send)' }] } },
  },
}
export default meta

export const Composer: StoryObj = {
  render: () => <Scene composer={ChatscopeComposer} />,
  parameters: code(source),
}
