import type { Server as HttpServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { Server } from 'socket.io'
import type { Plugin, ViteDevServer } from 'vite'
import type * as ServerModule from './server.ts'

const serverModule = fileURLToPath(new URL('./server.ts', import.meta.url))

/**
 * Runs the chat's server on the port of the Vite dev server, for `npm start` and for Storybook, and restarts it when its
 * code changes. On a page with this server `import.meta.env.LIVE` is true.
 */
export function chatServer(): Plugin {
  let io: Server | undefined
  let stop = () => {}
  let ready: Promise<void> = Promise.resolve()

  async function serve(vite: ViteDevServer, io: Server) {
    const { serveChat } = (await vite.ssrLoadModule(serverModule)) as typeof ServerModule
    stop()
    stop = serveChat(io)
  }

  return {
    name: 'chat-server',
    apply: 'serve',
    config: () => ({ define: { 'import.meta.env.LIVE': 'true' } }),
    configureServer(vite) {
      // Storybook has its own HTTP server, and passes it to Vite as the server for hot reload.
      const http = (vite.httpServer ?? hotReloadServer(vite)) as HttpServer | undefined
      // When the server listens, Storybook has added all its handlers. Socket.IO then wraps them; before, both would
      // answer the same requests.
      http?.once('listening', () => {
        io = new Server(http, { serveClient: false, destroyUpgrade: false })
        ready = serve(vite, io).catch((error: unknown) => vite.config.logger.error(String(error)))
      })
      // Answers no request before the chat's server is ready.
      vite.middlewares.use((_request, _response, next) => void ready.then(() => next()))
    },
    async hotUpdate({ modules, server }) {
      if (this.environment.name !== 'ssr' || modules.length === 0 || !io) return
      // Uses the same `io`, because closing it would close the dev server.
      await serve(server, io)
    },
  }
}

const hotReloadServer = ({ config }: ViteDevServer) =>
  typeof config.server.ws === 'object' ? config.server.ws.server : undefined
