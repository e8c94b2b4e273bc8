import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type UserConfig } from 'vite'

interface Package {
  exports: Record<string, string | { types: string; default: string }>
  dependencies: Record<string, string>
  peerDependencies: Record<string, string>
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const { exports, dependencies, peerDependencies } = JSON.parse(readFileSync(here('package.json'), 'utf8')) as Package

/** The entry points are those of package.json: dist/a/b.js is built from src/a/b.ts. */
const scripts = Object.values(exports)
  .flatMap((target) => (typeof target === 'string' ? [] : target.default))
  .map((file) => file.replace(/^\.\/dist\/(.*)\.js$/, '$1'))

/** The library. Vite builds scripts and style sheet; tsc writes the declarations beside them (tsconfig.build.json). */
const config: UserConfig = defineConfig({
  publicDir: false,
  build: {
    target: 'es2022',
    cssTarget: ['chrome111', 'firefox114', 'safari16.4'],
    minify: false,
    cssMinify: true,
    sourcemap: true,
    cssCodeSplit: true,
    lib: {
      formats: ['es'],
      entry: {
        ...Object.fromEntries(scripts.map((name) => [name, here(`src/${name}.ts`)])),
        styles: here('src/react/badge/styles.css'),
      },
    },
    rolldownOptions: {
      // A constant of another module stands where it is used: an app's bundle is the smaller for it.
      optimization: { inlineConst: { mode: 'all' } },
      external: [
        /^node:/,
        ...Object.keys({ ...dependencies, ...peerDependencies }).map((name) => new RegExp(`^${name}(/|$)`)),
      ],
      output: {
        // One module per file, so that "use client" stays on exactly the files that say it.
        preserveModules: true,
        preserveModulesRoot: 'src',
        entryFileNames: '[name].js',
        assetFileNames: '[name][extname]',
      },
      onLog(level, log, handler) {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handler(level, log)
      },
    },
  },
})

export default config
