/** examples/chat with the package as npm would publish it, built and started with its own commands. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = join(root, 'examples/chat')
/** What `node scripts/check-package.mjs` unpacked from the tarball. */
const packed = join(root, 'test/package/node_modules/react-online-message')

// Vitest sets NODE_ENV to test, which no reader has.
const env = { ...process.env, NODE_ENV: undefined, VITEST: undefined }

/** Puts the packed package where npm has installed it, and compiles and bundles the chat. */
export async function buildChat(): Promise<void> {
  if (!existsSync(packed)) throw new Error('Run `npm run build` and `node scripts/check-package.mjs` first.')
  const installed = join(folder, 'node_modules/react-online-message')
  rmSync(join(installed, 'dist'), { recursive: true, force: true })
  cpSync(packed, installed, { recursive: true })
  await promisify(execFile)('npm', ['run', 'build'], { cwd: folder, env }).catch((error: unknown) => {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`examples/chat cannot be built:\n${stdout}${stderr}`)
  })
}

/** A database of its own, which outlives a restart of the server. */
export function createDatabase(): { readonly file: string; remove(): void } {
  const place = mkdtempSync(join(tmpdir(), 'chat-'))
  return { file: join(place, 'chat.db'), remove: () => rmSync(place, { recursive: true }) }
}

export interface ChatServer {
  stop(): Promise<void>
}

export async function startChat(port: number, database: string): Promise<ChatServer> {
  const server = spawn(process.execPath, ['--import', 'tsx', 'server/main.ts'], {
    cwd: folder,
    env: { ...env, PORT: String(port), DATABASE: database },
  })
  const ended = once(server, 'exit')
  let output = ''
  const isListening = new Promise<void>((resolve) => {
    for (const stream of [server.stdout, server.stderr]) {
      stream.on('data', (text) => {
        output += String(text)
        if (output.includes('Listening on')) resolve()
      })
    }
  })
  const exit = await Promise.race([isListening, ended])
  if (exit) throw new Error(`examples/chat does not start. It printed:\n${output}`)
  return {
    async stop() {
      server.kill()
      await ended
    },
  }
}
