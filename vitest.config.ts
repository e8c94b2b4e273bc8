import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { storybookTest } from '@storybook/addon-vitest/vitest-plugin'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig, type TestProjectInlineConfiguration, type ViteUserConfig } from 'vitest/config'
import type { BrowserConfigOptions } from 'vitest/node'
import { browserLaunchOptions } from './scripts/browser.mjs'
import { findHermes } from './scripts/hermes.mjs'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const react18 = (path: string): string => here(`test/react-18/node_modules/${path}`)

const launchOptions = await browserLaunchOptions()
/**
 * Replaces the commands by which vitest counts coverage in a browser. They count in all bundled libraries, too, which takes
 * long. Only the project `storybook` counts: every component runs there.
 */
const withoutCoverage = {
  __vitest_startV8Coverage: () => {},
  __vitest_takeV8Coverage: () => ({ result: [] }),
}

/** Anew for each project: vitest writes the project's name into it. */
const chromium = (contextOptions = {}, args: readonly string[] = []): BrowserConfigOptions => ({
  enabled: true,
  headless: true,
  screenshotFailures: false,
  provider: playwright({
    launchOptions: { ...launchOptions, args: [...launchOptions.args, ...args] },
    contextOptions,
  }),
  instances: [{ browser: 'chromium' }],
  commands: withoutCoverage,
})

/** The files of a worker load each module once: to load all of them again costs most files more than their tests do. */
const sharedModules = { isolate: false, setupFiles: [here('test/support/restore.ts')] }

const react = {
  environment: 'jsdom',
  // They share a window, too.
  isolate: false,
  include: ['test/react/**/*.test.{ts,tsx}'],
  setupFiles: ['test/support/react/setup.ts'],
}

/** Bundled before the first test: a bundle found to be missing in the middle of a run reloads the page under it. */
const optimizeDeps = {
  include: [
    'react',
    'react/jsx-runtime',
    'react/jsx-dev-runtime',
    'react-dom',
    'react-dom/client',
    'zustand',
    'zustand/vanilla',
    'socket.io-client',
    'zod',
    '@testing-library/react',
    '@testing-library/user-event',
  ],
}

/** Other people's servers have installations of their own: `node scripts/setup.mjs --servers`. */
const hasServers = ['nest', 'servers'].every((name) => existsSync(here(`examples/${name}/node_modules`)))

const storybookDeps = {
  include: [
    ...optimizeDeps.include,
    '@storybook/addon-docs/blocks',
    '@storybook/react-vite',
    'axe-core',
    'storybook/test',
    'react-native-web',
    'storybook/theming',
  ],
}

/** React Native's badge in a browser. */
const reactNativeWeb = { alias: { 'react-native': 'react-native-web' }, dedupe: ['react', 'react-dom'] }

/** They count the timers that are left. What the file before them still does must not count, so each has its own modules. */
const COUNTING_TIMERS = [
  'test/server/{attach,hub}.test.ts',
  'test/server/connections/identification.test.ts',
  'test/server/typing/{leases,typing-updates}.test.ts',
  'test/transports/{memory/memory,socket-io/requests,socket-io/session,tencent-chat/fake-sdk}.test.ts',
]

const TYPING_TIMES = 'test/e2e/typing-times.test.ts'

const AXE_OF_COMPOSERS = 'test/visual/axe-composers.test.ts'

/** Other people's libraries have an installation of their own: `node scripts/setup.mjs --composers`. */
const composers = {
  optimizeDeps: storybookDeps,
  test: {
    name: 'composers',
    include: ['examples/composers/*.test.tsx', AXE_OF_COMPOSERS],
    browser: chromium(),
  },
}

/**
 * Every story as it looks: pictures of the badge, and axe in five modes. A picture lies under the id of its story, and is
 * the same on every machine: see test/visual/block-font.ts.
 */
const visual: TestProjectInlineConfiguration = {
  optimizeDeps: storybookDeps,
  resolve: reactNativeWeb,
  test: {
    name: 'visual',
    // As in Storybook, the stories share a page. It loads Storybook and the stories once.
    isolate: false,
    include: ['test/visual/*.test.ts'],
    exclude: [AXE_OF_COMPOSERS],
    browser: {
      // Room for the highest story, else vitest shrinks it. Twice as fine: a dot is more than a handful of pixels.
      // And no colours that a screen asks for.
      ...chromium({ viewport: { width: 1280, height: 2000 }, deviceScaleFactor: 2 }, [
        '--disable-lcd-text',
        '--force-color-profile=srgb',
      ]),
      expect: {
        toMatchScreenshot: {
          comparatorName: 'pixelmatch',
          // An edge that another rasterizer draws a fifth lighter or darker is not counted. The smallest dot has 44 pixels,
          // so that its absence is. What looks like anti-aliasing counts, since a dot is small enough to look like it.
          comparatorOptions: { threshold: 0.2, includeAA: true, allowedMismatchedPixels: 20 },
          screenshotOptions: { animations: 'allow', scale: 'device' },
          resolveScreenshotPath: ({ arg, ext, root, testFileDirectory }) =>
            `${root}/${testFileDirectory}/pictures/${arg}${ext}`,
          resolveDiffPath: ({ arg, ext, root }) =>
            `${root}/node_modules/.cache/react-online-message/pictures/${arg}${ext}`,
        },
      },
    },
  },
}

const config: ViteUserConfig = defineConfig({
  test: {
    // One more than there are cores: many files wait for sockets and for time to pass.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        // React is replaced by a module that throws: the core does without it.
        resolve: { alias: [{ find: /^react(-dom)?(\/.*)?$/, replacement: here('test/support/no-react.ts') }] },
        test: {
          ...sharedModules,
          name: 'core',
          include: ['test/core/**/*.test.ts'],
          server: { deps: { inline: ['zustand'] } },
        },
      },
      {
        test: {
          ...sharedModules,
          name: 'node',
          include: ['test/{server,servers,transports,testing,fuzz,scripts,locales,hermes,docs,protocol}/**/*.test.ts'],
          exclude: [
            'test/server/cluster/**',
            ...COUNTING_TIMERS,
            ...(hasServers ? [] : ['test/servers/**']),
            ...(findHermes() ? [] : ['test/hermes/*.test.ts']),
          ],
          // Real sockets on a busy machine; each wait inside a test has a deadline of its own.
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'timers',
          include: COUNTING_TIMERS,
          testTimeout: 20_000,
        },
      },
      {
        test: {
          // Each file loads its own modules: the clients of Redis and NATS leave timers behind, and some files count timers.
          name: 'cluster',
          include: ['test/{server/cluster,redis,nats}/**/*.test.ts'],
          // Most of them wait for time to pass: side by side.
          maxConcurrency: 12,
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: { ...react, name: 'react' },
      },
      {
        resolve: {
          alias: [
            // Its main file is CommonJS, which would `require` React 19 past the aliases.
            {
              find: /^@testing-library\/react$/,
              replacement: here('node_modules/@testing-library/react/dist/@testing-library/react.esm.js'),
            },
            { find: /^react$/, replacement: react18('react') },
            { find: /^react\/(.*)$/, replacement: react18('react/$1') },
            { find: /^react-dom$/, replacement: react18('react-dom') },
            { find: /^react-dom\/(.*)$/, replacement: react18('react-dom/$1') },
          ],
        },
        test: {
          ...react,
          name: 'react-18',
          // Else these two are loaded by Node, without the aliases, and two Reacts meet.
          server: { deps: { inline: ['zustand', /@testing-library\/react/] } },
        },
      },
      {
        test: {
          name: 'ssr',
          include: ['test/ssr/**/*.test.{ts,tsx}'],
        },
      },
      {
        optimizeDeps,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.{ts,tsx}'],
          browser: chromium(),
        },
      },
      ...(existsSync(here('examples/composers/node_modules')) ? [composers] : []),
      visual,
      {
        test: {
          name: 'e2e',
          include: ['test/{adoption,e2e}/**/*.test.ts'],
          exclude: [TYPING_TIMES],
          // Each file starts servers and browsers of its own, and mostly waits for them: two files run side by side.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'times',
          include: [TYPING_TIMES],
          // It measures times, and counts what is sent by a clock that runs faster than the machine: nothing runs beside it.
          sequence: { groupOrder: 4 },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          // Each file runs many scenarios side by side, as many as the machine can, and mostly waits: three files run at a
          // time. Nothing else does, since a machine that is too slow lets messages expire that should arrive.
          maxWorkers: 3,
          sequence: { groupOrder: 2 },
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'engines',
          include: ['test/engines/*.test.ts'],
          globalSetup: ['test/engines/build-pages.ts'],
          // A browser for each file. They wait more than they work, so they run side by side.
          maxWorkers: 3,
          sequence: { groupOrder: 3 },
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        optimizeDeps: storybookDeps,
        resolve: reactNativeWeb,
        plugins: [storybookTest({ configDir: here('.storybook') })],
        test: {
          name: 'storybook',
          // As in Storybook, the stories share a page. It loads Storybook once.
          isolate: false,
          browser: { ...chromium(), commands: {} },
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.{ts,tsx}'],
      reporter: ['text'],
      thresholds: { statements: 98, lines: 98, functions: 98, branches: 96 },
    },
  },
})

export default config
