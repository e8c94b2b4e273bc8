import react from '@vitejs/plugin-react'
import { defineConfig, type UserConfig } from 'vite'
import { chatServer } from '../demo/vite-plugin.ts'

/** Storybook's own: the vite.config.ts of the root is the library build. */
const config: UserConfig = defineConfig({
  plugins: [react(), chatServer()],
  // Known from the start, so that the first story is not loaded twice.
  optimizeDeps: { include: ['react-dom/client', 'socket.io-client', 'zod', 'zustand', 'zustand/vanilla'] },
  // Storybook's own are that large.
  build: { chunkSizeWarningLimit: 2000 },
})

export default config
