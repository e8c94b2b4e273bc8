import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin, type UserConfig } from 'vite'

interface EntryPoint {
  /** The style sheet has none. */
  readonly import?: string
}

interface Package {
  exports: Record<string, string | EntryPoint>
  dependencies: Record<string, string>
  peerDependencies: Record<string, string>
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const { exports, dependencies, peerDependencies } = JSON.parse(readFileSync(here('package.json'), 'utf8')) as Package

/** The entry points are those of package.json: dist/a/b.js is built from src/a/b.ts. */
const scripts = Object.values(exports)
  .flatMap((target) => (typeof target === 'string' ? [] : (target.import ?? [])))
  .map((file) => file.replace(/^\.\/dist\/(.*)\.js$/, '$1'))

/** What belongs beside the scripts, and is not made from a source. */
const smallFiles: Plugin = {
  name: 'small-files',
  enforce: 'post',
  generateBundle({ format }, files) {
    const emit = (fileName: string, source: string) => this.emitFile({ type: 'asset', fileName, source: `${source}\n` })
    if (format === 'cjs') {
      // The package.json above says that the package consists of ES modules. It does not hold for this folder.
      emit('package.json', JSON.stringify({ type: 'commonjs', sideEffects: ['./react-native/index.js'] }))
      // One copy is enough.
      delete files['styles.css']
      return
    }
    // From TypeScript 6 on, `import 'react-online-message/styles.css'` needs a declaration.
    emit('styles.css.d.ts', 'export {}')
  },
}

const shared = {
  // One module per file, so that "use client" stays on exactly the files that say it.
  preserveModules: true,
  preserveModulesRoot: 'src',
  entryFileNames: '[name].js',
  assetFileNames: '[name][extname]',
}

/**
 * The library, twice: ES modules in dist, CommonJS in dist/cjs. Vite builds scripts and style sheet; tsc writes the
 * declarations beside them (tsconfig.build.json).
 */
const config: UserConfig = defineConfig({
  publicDir: false,
  plugins: [smallFiles],
  build: {
    target: 'es2020',
    // The first browsers with @layer. Older ones ignore the whole sheet, and show the badge as plain text.
    cssTarget: ['chrome99', 'edge99', 'firefox97', 'safari15.4'],
    minify: false,
    cssMinify: true,
    sourcemap: true,
    cssCodeSplit: true,
    lib: {
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
      output: [
        { ...shared, format: 'es', dir: here('dist') },
        { ...shared, format: 'cjs', dir: here('dist/cjs'), exports: 'named', strict: true },
      ],
      onLog(level, log, handler) {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handler(level, log)
      },
    },
  },
})

export default config
