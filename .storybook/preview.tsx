import type { Decorator, Preview } from '@storybook/react-vite'
import { useEffect } from 'react'
import { themes } from 'storybook/theming'
import '../src/react/badge/styles.css'
import './preview.css'

/** Applies the toolbar's theme and direction: to the whole page of a story, and on a documentation page to the story only. */
const Surface: Decorator = (Story, { globals, viewMode }) => {
  const { theme, direction } = globals as { theme: string; direction: string }
  const page = document.documentElement
  useEffect(() => {
    if (viewMode !== 'story') return
    page.dataset.theme = theme
    page.dir = direction
    return () => {
      delete page.dataset.theme
      page.dir = ''
    }
  }, [page, viewMode, theme, direction])
  return (
    <div className="surface" data-theme={theme} dir={direction}>
      <Story />
    </div>
  )
}

const preview: Preview = {
  tags: ['autodocs'],
  decorators: [Surface],
  globalTypes: {
    theme: {
      description: 'Light or dark',
      toolbar: {
        icon: 'contrast',
        dynamicTitle: true,
        items: [
          { value: 'system', title: 'As the system' },
          { value: 'light', title: 'Light' },
          { value: 'dark', title: 'Dark' },
        ],
      },
    },
    direction: {
      description: 'Left to right or right to left',
      toolbar: {
        icon: 'transfer',
        dynamicTitle: true,
        items: [
          { value: 'ltr', title: 'Left to right' },
          { value: 'rtl', title: 'Right to left' },
        ],
      },
    },
  },
  initialGlobals: { theme: 'system', direction: 'ltr' },
  parameters: {
    // A violation fails the story's test.
    a11y: { test: 'error' },
    controls: { expanded: true },
    docs: {
      // Shown from the beginning, because readers of a hook's page look for its code.
      canvas: { sourceState: 'shown' },
      // The theme of the system, as for the stories on the page.
      theme: matchMedia('(prefers-color-scheme: dark)').matches ? themes.dark : themes.light,
    },
    options: {
      storySort: {
        order: [
          'Live',
          'How typing works here',
          'TypingBadge',
          'Looks',
          ['Variants', 'Activities', 'Styling'],
          'Places',
          'Recipes',
          'Hooks',
          [
            'useTypingIndicator',
            'useTypists',
            'useTypingInput',
            'useOnlineMessage',
            'useConnection',
            'useOnlineMessageClient',
          ],
          'OnlineMessageProvider',
          'Drop-in',
          ['Plain textarea'],
        ],
      },
    },
  },
}

export default preview
