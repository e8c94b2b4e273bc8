/** node build.mjs [webpack | rspack | webpack-4] */
import { copyFileSync } from 'node:fs'

const [kind] = process.argv.slice(2)
const { default: bundler } = await import(kind === 'rspack' ? '@rspack/core' : 'webpack')

/** webpack 4 reads no syntax newer than ES2019: packages are compiled like the app. */
const compile = {
  test: /\.m?js$/,
  loader: 'babel-loader',
  options: { presets: [['@babel/preset-env', { targets: 'chrome 70' }]], sourceType: 'unambiguous' },
}

const config = {
  mode: 'production',
  entry: './main.js',
  output: { path: `${process.cwd()}/dist`, filename: 'main.js' },
  performance: { hints: false },
  module: {
    rules: [{ test: /\.css$/, use: ['style-loader', 'css-loader'] }, ...(kind === 'webpack-4' ? [compile] : [])],
  },
}
bundler(config, (error, stats) => {
  const hasFailed = error || stats.hasErrors() || stats.hasWarnings()
  if (hasFailed) {
    console.error(error ?? stats.toString({ all: false, errors: true, warnings: true }))
    process.exit(1)
  }
  copyFileSync('plain.html', 'dist/index.html')
})
