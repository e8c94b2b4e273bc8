import type { Decorator, Preview } from '@storybook/react-vite'
import { useEffect } from 'react'
import { themes } from 'storybook/theming'
import '../src/react/badge/styles.css'
import './preview.css'

/** Light or dark, and from which side it is read, as the toolbar says. A page of documentation stays as it is around it. */
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
    // The code is what a hook's page is for.
    docs: {
      canvas: { sourceState: 'shown' },
      // As the system wants it, and with it the stories on the page.
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
