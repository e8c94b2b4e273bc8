/** examples/nest, compiled and run as its own process, with the library as `npm run build` has made it. */
import { execFile, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clientsOf, closeAll, names, until } from '../support/server/harness.ts'

const folder = fileURLToPath(new URL('../../examples/nest/', import.meta.url))
const tsc = createRequire(`${folder}package.json`).resolve('typescript/bin/tsc')

let url = ''
let stopServer = async () => {}

beforeAll(async () => {
  await promisify(execFile)(process.execPath, [tsc], { cwd: folder }).catch((error: unknown) => {
    const { stdout } = error as { stdout: string }
    throw new Error(`examples/nest does not compile. Is there a build (npm run build)?\n${stdout}`)
  })
  const server = spawn(process.execPath, ['dist/main.js'], { cwd: folder, env: { ...process.env, PORT: '0' } })
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  stopServer = async () => {
    server.kill()
    await ended
  }
  let output = ''
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (text) => (output += String(text)))
  await until(() => output.includes('Listening on'), 'Nest listens', 40_000)
  url = `http://localhost:${/Listening on .*:(\d+)/.exec(output)![1]}`
}, 90_000)
afterAll(async () => {
  await closeAll()
  await stopServer()
})

const connect = (user: string) => clientsOf(url).connect(user, { auth: { token: `token-of-${user}` } })

test('two people type to each other through the gateway, and a message ends the typing', async () => {
  const [ann, bob] = await Promise.all([connect('ann'), connect('bob')])
  const typists = bob.client.typists({ user: 'ann' })
  typists.subscribe(() => {})
  const received: unknown[] = []
  bob.socket.on('message', (message) => {
    bob.client.clearTypist({ user: 'ann' }, 'ann')
    received.push(message)
  })

  const typing = ann.client.typing({ user: 'bob' })
  await until(() => {
    typing.keystroke()
    return names(typists.getState())?.[0] === 'ann'
  })
  expect(typists.getState().typists[0]).toMatchObject({ name: 'Ann' })

  typing.stop()
  ann.socket.emit('message', 'Hello')
  await until(() => received.length > 0)
  expect(received).toEqual([{ from: 'ann', text: 'Hello' }])
  expect(typists.getState().total).toBe(0)
})

test('a connection without a valid token may do nothing: not with the plug-in, and not with the guard', async () => {
  const bob = await connect('bob')
  const received: unknown[] = []
  bob.socket.on('message', (message) => received.push(message))
  const stranger = clientsOf(url).begin('stranger', { auth: { token: 'wrong' } })
  const exceptions: unknown[] = []
  stranger.socket.on('exception', (exception) => exceptions.push(exception))
  await until(() => stranger.socket.connected)

  expect(await stranger.client.send({ user: 'bob' }, 'note')).toMatchObject({ ok: false, code: 'forbidden' })
  stranger.socket.emit('message', 'Hello')
  await until(() => exceptions.length > 0)
  expect(received).toEqual([])
})
