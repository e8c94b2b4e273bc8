import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type UserConfig } from 'vite'
import { chatServer } from './vite-plugin.ts'

/** The page of `npm start`. The vite.config.ts of the root builds the library. */
const config: UserConfig = defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react(), chatServer()],
  // Listed here, so that Vite does not find them later and load the page twice.
  optimizeDeps: {
    include: ['react', 'react/jsx-dev-runtime', 'react-dom/client', 'socket.io-client', 'zustand', 'zustand/vanilla'],
  },
  server: { warmup: { clientFiles: ['./main.tsx'] } },
})

export default config
