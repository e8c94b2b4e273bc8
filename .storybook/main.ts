import { existsSync } from 'node:fs'
import type { StorybookConfig } from '@storybook/react-vite'

/** Other people's libraries are installed by `npm run storybook` and `npm test`, not by the main install. */
const composers = existsSync(new URL('../examples/composers/node_modules', import.meta.url))
  ? ['../examples/composers/*.stories.tsx']
  : []

const config: StorybookConfig = {
  stories: ['../stories/**/*.mdx', '../stories/**/*.stories.tsx', ...composers],
  addons: ['@storybook/addon-docs', '@storybook/addon-a11y', '@storybook/addon-vitest'],
  framework: {
    name: '@storybook/react-vite',
    options: { builder: { viteConfigPath: '.storybook/vite.config.ts' } },
  },
  core: { disableTelemetry: true, disableWhatsNewNotifications: true },
  features: { sidebarOnboardingChecklist: false },
  typescript: { reactDocgen: 'react-docgen-typescript' },
}

export default config
