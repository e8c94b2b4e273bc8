import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin, type UserConfig } from 'vite'
import { chatServer } from '../examples/two-people/vite-plugin.ts'

/** Fills stories/docs/api.ts with the docstrings, when a page of documentation first loads it. */
const api = (): Plugin => ({
  name: 'api',
  async load(id) {
    if (!id.endsWith('/stories/docs/api.ts')) return
    const { readApi } = await import('./api.ts')
    return `export const api = ${JSON.stringify(readApi())}`
  },
})

/** For Storybook. The vite.config.ts of the root builds the library. */
const config: UserConfig = defineConfig({
  plugins: [react(), chatServer(), api()],
  resolve: { alias: { 'react-native': 'react-native-web' }, dedupe: ['react', 'react-dom'] },
  // Listed here, so that Vite does not find them later and load the first story twice.
  optimizeDeps: {
    include: ['react-dom/client', 'socket.io-client', 'react-native-web', 'zod', 'zustand', 'zustand/vanilla'],
  },
  // Storybook's own chunks are this large.
  build: { chunkSizeWarningLimit: 2000 },
})

export default config
