import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin, type UserConfig } from 'vite'
import { chatServer } from '../examples/two-people/vite-plugin.ts'

/** What the docstrings say, for the tables of the documentation: read when a page first asks for it. */
const api = (): Plugin => ({
  name: 'api',
  async load(id) {
    if (!id.endsWith('/stories/docs/api.ts')) return
    const { readApi } = await import('./api.ts')
    return `export const api = ${JSON.stringify(readApi())}`
  },
})

/** Storybook's own: the vite.config.ts of the root is the library build. */
const config: UserConfig = defineConfig({
  plugins: [react(), chatServer(), api()],
  // Known from the start, so that the first story is not loaded twice.
  optimizeDeps: { include: ['react-dom/client', 'socket.io-client', 'zod', 'zustand', 'zustand/vanilla'] },
  // Storybook's own are that large.
  build: { chunkSizeWarningLimit: 2000 },
})

export default config
