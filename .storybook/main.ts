import { existsSync } from 'node:fs'
import type { StorybookConfig } from '@storybook/react-vite'

/** The editors and chat kits have an installation of their own: node scripts/setup.mjs --composers. */
const composers = existsSync(new URL('../examples/composers/node_modules', import.meta.url))
  ? ['../examples/composers/*.stories.tsx']
  : []

/** So have the types of React Native: node scripts/setup.mjs --react-native. The story is drawn by react-native-web. */
const reactNative = existsSync(new URL('../test/react-native/node_modules', import.meta.url))
  ? ['../test/react-native/*.stories.tsx']
  : []

const config: StorybookConfig = {
  stories: ['../stories/**/*.mdx', '../stories/**/*.stories.tsx', ...composers, ...reactNative],
  addons: ['@storybook/addon-docs', '@storybook/addon-a11y', '@storybook/addon-vitest'],
  framework: {
    name: '@storybook/react-vite',
    options: { builder: { viteConfigPath: '.storybook/vite.config.ts' } },
  },
  core: { disableTelemetry: true, disableWhatsNewNotifications: true },
  features: { sidebarOnboardingChecklist: false },
  typescript: {
    reactDocgen: 'react-docgen-typescript',
    // The library's own components are documented. Without this, the compiler reads each story and test as well.
    // Options replace Storybook's own: so the values of a type are listed again, and `undefined` is not.
    // `never`, since Storybook 10 declares that there are no options.
    reactDocgenTypescriptOptions: {
      include: ['src/**/*.tsx'],
      tsconfigPath: 'tsconfig.build.json',
      shouldExtractLiteralValuesFromEnum: true,
      shouldRemoveUndefinedFromOptional: true,
    } as never,
  },
}

export default config
