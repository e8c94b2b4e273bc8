import { copyFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import commonjs from '@rollup/plugin-commonjs'
import resolve from '@rollup/plugin-node-resolve'
import replace from '@rollup/plugin-replace'
import { rollup } from 'rollup'

const styles = fileURLToPath(import.meta.resolve('react-online-message/styles.css'))

const bundle = await rollup({
  input: 'main.js',
  plugins: [
    // Rollup reads no style sheets.
    { name: 'no-styles', load: (id) => (id === styles ? '' : null) },
    replace({ 'process.env.NODE_ENV': '"production"', preventAssignment: true }),
    resolve({ browser: true }),
    commonjs(),
  ],
  onwarn(warning) {
    // "use client" says something to servers only.
    if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') throw new Error(warning.message)
  },
})
await bundle.write({ file: 'dist/main.js', format: 'iife' })
copyFileSync('styled.html', 'dist/index.html')
copyFileSync(styles, 'dist/main.css')
