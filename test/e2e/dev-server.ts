import { fileURLToPath } from 'node:url'
import { startProcess } from '../support/start-process.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface DevServer {
  /** Ends with a slash. */
  readonly url: string
  /** Everything that it has printed. */
  readonly output: string
  stop(): Promise<void>
}

/** Runs `npm start`, or another script that serves, as a newcomer does, on a port of its own. */
export async function startDevServer(port: number, script = 'start'): Promise<DevServer> {
  const npm = await startProcess('npm', ['run', script], {
    cwd: root,
    env: { PORT: String(port), CI: '1', VITEST: '', NODE_ENV: 'development', STORYBOOK_DISABLE_TELEMETRY: '1' },
    ready: /(http:\/\/(?:localhost|127\.0\.0\.1):\d+\/)/,
    signal: 'SIGTERM',
  })
  return {
    url: npm.found,
    get output() {
      return npm.output
    },
    stop: npm.end,
  }
}
