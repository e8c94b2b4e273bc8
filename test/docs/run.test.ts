/** The code that runs without a browser is run, against the sources. */
import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { io, type Socket } from 'socket.io-client'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import type { Conversation, OnlineMessageClient, Transport } from '../../src/core/index.ts'
import { createOnlineMessageClient } from '../../src/core/index.ts'
import type { OnlineMessageServer } from '../../src/server/index.ts'
import { sources } from './sources.ts'
import { removeFolders, writePage } from './written-page.ts'

const { createSocketTransport } = (await import(sources.get('react-online-message/socket.io') ?? '')) as {
  createSocketTransport: (socket: Socket) => Transport
}

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanups.splice(0).reverse()) await cleanUp()
})
afterAll(removeFolders)

const load = async <Exports>(path: string): Promise<Exports> => (await import(path)) as Exports

/** A Socket.IO server on a port of its own. */
async function listen(): Promise<{ server: Server; url: string }> {
  const http = createServer()
  const server = new Server(http)
  await new Promise<void>((resolve) => http.listen(0, () => resolve()))
  cleanups.push(() => server.close())
  return { server, url: `http://localhost:${(http.address() as AddressInfo).port}` }
}

function connect(url: string, options: Parameters<typeof io>[1]): { socket: Socket; client: OnlineMessageClient } {
  const socket = io(url, { forceNew: true, reconnection: false, transports: ['websocket'], ...options })
  cleanups.push(() => socket.disconnect())
  return { socket, client: createOnlineMessageClient({ transport: createSocketTransport(socket) }) }
}

// These files are tests themselves.
describe('docs/testing.md', async () => {
  await load(writePage('docs/testing.md')('messages.test.ts'))
})
describe('docs/writing-a-transport.md', async () => {
  await load(writePage('docs/writing-a-transport.md')('my-transport.test.ts'))
})

test('docs/bots.md: the assistant is shown thinking until it has answered', async () => {
  interface App {
    io: Server
    identify: (socket: { handshake: { auth: { user?: string } } }) => unknown
    ask: (question: string) => Promise<string>
  }
  const { serve } = await load<{ serve(app: App): OnlineMessageServer }>(writePage('docs/bots.md')('server.ts'))
  const { server, url } = await listen()
  let answer: (text: string) => void = () => {}
  serve({
    io: server,
    identify: (socket) => socket.handshake.auth.user,
    ask: () => new Promise((resolve) => (answer = resolve)),
  })
  const { socket, client } = connect(url, { auth: { user: 'ann' } })
  const typists = client.typists({ user: 'assistant' })
  cleanups.push(typists.subscribe(() => {}))
  await vi.waitFor(() => expect(client.connection.getState()).toBe('online'))

  const answered = socket.emitWithAck('question', 'Why?')
  await vi.waitFor(() => expect(typists.getState().typists[0]).toMatchObject({ id: 'assistant', activity: 'thinking' }))
  answer('Because.')
  expect(await answered).toBe('Because.')
  await vi.waitFor(() => expect(typists.getState().total).toBe(0))
})

test('docs/security.md: the safe server refuses other origins, strangers, and a member who was removed', async () => {
  interface Exports {
    io: Server & { httpServer: HttpServer }
    removeMember(group: string, user: string): void
  }
  const written = writePage('docs/security.md', (code) => code.replace('new Server(3000', 'new Server(0'))
  const { io: server, removeMember } = await load<Exports>(written('safe-server.mjs'))
  cleanups.push(() => server.close())
  const { port } = server.httpServer.address() as AddressInfo
  const url = `http://localhost:${port}`
  const from = (origin: string, cookie: string) => connect(url, { extraHeaders: { origin, cookie } })

  const elsewhere = from('https://elsewhere.example', 'session=1').socket
  await new Promise((resolve) => elsewhere.once('connect_error', resolve))

  const ann = from('https://chat.example', 'session=1').client
  const stranger = from('https://chat.example', 'session=2').client
  cleanups.push(ann.connection.subscribe(() => {}))
  await vi.waitFor(() => expect(ann.connection.getState()).toBe('online'))
  const outcome = async (client: OnlineMessageClient, conversation: Conversation) => {
    const result = await client.send(conversation, 'wave')
    return result.ok ? 'ok' : result.code
  }
  expect(await outcome(ann, { group: 'team' })).toBe('ok')
  expect(await outcome(ann, { user: 'bob' })).toBe('ok')
  expect(await outcome(ann, { user: 'cy' })).toBe('forbidden')
  expect(await outcome(ann, { group: 'other' })).toBe('forbidden')
  await vi.waitFor(async () => expect(await outcome(stranger, { group: 'team' })).toBe('forbidden'))

  removeMember('team', 'ann')
  expect(await outcome(ann, { user: 'bob' })).toBe('ok')
})

test('docs/security.md: drafts go to agents only', async () => {
  const page = writePage('docs/security.md')
  const draft = (user: string, other: string) => ({
    user: { id: user },
    conversation: { user: other },
    action: 'send',
    command: 'draft',
  })
  const { authorize } = await load<{ authorize(request: object): boolean }>(page('authorize.ts'))
  expect(authorize(draft('ann', 'ada'))).toBe(true)
  expect(authorize(draft('ada', 'ann'))).toBe(false)
  expect(authorize({ ...draft('ada', 'ann'), command: 'note' })).toBe(true)
  expect(authorize({ ...draft('ann', 'bob'), command: 'note' })).toBe(false)
  expect(authorize({ ...draft('ann', 'ada'), conversation: { group: 'all' } })).toBe(false)
})
