import type { Preview } from '@storybook/react-vite'
import '../src/react/styles.css'
import './preview.css'

const preview: Preview = {
  tags: ['autodocs'],
  parameters: {
    // A violation fails the story's test.
    a11y: { test: 'error' },
    controls: { expanded: true },
    // The code is what a hook's page is for.
    docs: { canvas: { sourceState: 'shown' } },
    options: {
      storySort: {
        order: [
          'Live',
          'TypingBadge',
          'Hooks',
          ['useTypingIndicator', 'useTypists', 'useTypingInput', 'useOnlineMessage', 'useConnection'],
        ],
      },
    },
  },
}

export default preview
