import { copyFileSync } from 'node:fs'
import { build } from 'esbuild'

await build({
  entryPoints: ['main.js'],
  outdir: 'dist',
  bundle: true,
  minify: true,
  define: { 'process.env.NODE_ENV': '"production"' },
})
copyFileSync('styled.html', 'dist/index.html')
