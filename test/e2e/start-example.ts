/** The projects of examples/ with the package as npm would publish it, built and started with their own commands. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { installPackedLibrary } from '../support/packed-library.ts'
import { startProcess } from '../support/start-process.ts'
import { freePort } from '../support/free-port.ts'
import type { DevServer } from './dev-server.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

// Vitest sets NODE_ENV to test, which no reader has.
const env = { ...process.env, NODE_ENV: undefined, VITEST: undefined, NEXT_TELEMETRY_DISABLED: '1' }

const folderOf = (name: string) => join(root, 'examples', name)

/** Puts the packed library into a project. */
export const installLibrary = (name: string): void => installPackedLibrary(folderOf(name))

/** Installs the library in a project, and builds the project. */
export async function buildExample(name: string): Promise<void> {
  installLibrary(name)
  const cwd = folderOf(name)
  await promisify(execFile)('npm', ['run', 'build'], { cwd, env }).catch((error: unknown) => {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`examples/${name} cannot be built:\n${stdout}${stderr}`)
  })
}

/**
 * Starts a project that was built.
 *
 * @param settings environment variables of the project. Without `PORT`, it gets a free one.
 */
export async function startExample(name: string, settings: Readonly<Record<string, string>> = {}): Promise<DevServer> {
  const port = settings.PORT ?? String(await freePort())
  const npm = await startProcess('npm', ['start'], {
    cwd: folderOf(name),
    env: { ...env, ...settings, PORT: port },
    ready: /Listening on/,
    signal: 'SIGTERM',
  })
  return {
    url: `http://localhost:${port}/`,
    get output() {
      return npm.output
    },
    stop: npm.end,
  }
}
