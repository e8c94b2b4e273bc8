/** node build.mjs [preact | compiler] */
import { build } from 'vite'

const preact = { 'react-dom': 'preact/compat', react: 'preact/compat' }

/** The React Compiler is a plug-in of Babel. */
const compiler = {
  name: 'react-compiler',
  enforce: 'pre',
  async transform(code, id) {
    if (!id.endsWith('/chat.js')) return undefined
    const { transformAsync } = await import('@babel/core')
    const compiled = await transformAsync(code, { filename: id, plugins: ['babel-plugin-react-compiler'] })
    if (!compiled.code.includes('react/compiler-runtime'))
      throw new Error('the React Compiler has left chat.js as it was')
    return compiled.code
  },
}

const [kind] = process.argv.slice(2)
await build({
  configFile: false,
  logLevel: 'warn',
  resolve: { alias: kind === 'preact' ? preact : {} },
  plugins: kind === 'compiler' ? [compiler] : [],
})
