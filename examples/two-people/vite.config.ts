import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type UserConfig } from 'vite'
import { chatServer } from './vite-plugin.ts'

/** The page of `npm start`. The library build is the vite.config.ts of the root. */
const config: UserConfig = defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react(), chatServer()],
  // Known from the start, so that the first page is not loaded twice.
  optimizeDeps: {
    include: ['react', 'react/jsx-dev-runtime', 'react-dom/client', 'socket.io-client', 'zustand', 'zustand/vanilla'],
  },
  server: { warmup: { clientFiles: ['./main.tsx'] } },
})

export default config
