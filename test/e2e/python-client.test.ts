import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Socket as NetSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { chromium, type Page } from 'playwright'
import { Server, type Socket } from 'socket.io'
import { build, preview } from 'vite'
import { beforeAll, describe, expect, test, type TestContext, vi } from 'vitest'
import { browserLaunchOptions } from '../../scripts/browser.mjs'
import { findPython } from '../../scripts/python.mjs'
import { importPackedServer, packed, usePackedLibrary } from '../support/packed-library.ts'
import { freePort } from '../support/free-port.ts'
import { SOON } from './soon.ts'

const program = fileURLToPath(new URL('../../examples/python-client/typing_client.py', import.meta.url))
const python = findPython()

/** What the program reports: one object on each line. */
type Report = Readonly<Record<string, unknown>> & { readonly kind: string }

interface Terminal {
  readonly reports: Report[]
  type(keys: string): void
  /** Waits until its last report of this kind matches. */
  untilReported(kind: string, expected: object, timeout?: number): Promise<void>
  /** Waits until it has ended. */
  close(): Promise<number | null>
}

/** Starts the program for bob, who uses a terminal and writes to ann. It ends with the test. */
function startPython({ onTestFinished }: TestContext, port: number): Terminal {
  const args = [program, `http://127.0.0.1:${port}`, '--user', 'bob', '--to', 'ann', '--json']
  const child: ChildProcessWithoutNullStreams = spawn(python!, args, {
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  })
  const reports: Report[] = []
  let rest = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n')
    rest = lines.pop()!
    reports.push(...lines.map((line) => JSON.parse(line) as Report))
  })
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const ended = once(child, 'exit')
  const close = async () => {
    child.stdin.end()
    const [code] = (await ended) as [number | null]
    expect(errors).toBe('')
    return code
  }
  onTestFinished(async () => {
    await close()
  })
  return {
    reports,
    type: (text) => void child.stdin.write(`${JSON.stringify({ do: 'keys', text })}\n`),
    untilReported: (kind, expected, timeout = 5000) =>
      vi.waitFor(() => expect(reports.findLast((report) => report.kind === kind)).toMatchObject(expected), { timeout }),
    close,
  }
}

/** An event that the server has received. `at` is in milliseconds. */
interface ReceivedEvent {
  readonly at: number
  readonly user: string
  readonly event: string
  readonly args: readonly unknown[]
}

/** Starts a server, which ends with the test. */
async function listen({ onTestFinished }: TestContext, port: number, prepare: (server: Server) => void) {
  const received: ReceivedEvent[] = []
  const http = createServer()
  const server = new Server(http, { cors: { origin: '*' } })
  server.on('connection', (socket) => {
    socket.onAny((event: string, ...args: unknown[]) => {
      const user = (socket.handshake.auth as { user: string }).user
      received.push({ at: performance.now(), user, event, args: args.filter((arg) => typeof arg !== 'function') })
    })
  })
  prepare(server)
  http.listen(port, '127.0.0.1')
  await once(http, 'listening')
  // As when a process ends: the connections break off without a close.
  const sockets = new Set<NetSocket>()
  http.on('connection', (socket) => sockets.add(socket))
  const close = async () => {
    if (!http.listening) return
    const closed = server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  onTestFinished(close)
  return { received, receivedFrom: (name: string) => received.filter(({ user }) => user === name), close }
}

async function startServer(context: TestContext, port: number) {
  const { attachOnlineMessages } = await importPackedServer()
  return listen(context, port, (server) => {
    attachOnlineMessages(server, {
      identify: ({ handshake }) => (handshake.auth as { user: string }).user,
      authorize: ({ conversation }) => conversation.group !== 'board',
    })
  })
}

if (!python) {
  test('LEFT OUT, since no Python here has python-socketio: a client in Python', () => {
    console.warn("The tests of examples/python-client did not run. Install it: pip install 'python-socketio[client]'")
  })
} else {
  // Each has a server and a Python of its own, and mostly waits: they run side by side.
  describe.concurrent('a client in Python and a React page', () => {
    const folder = mkdtempSync(join(tmpdir(), 'python-'))
    let open: (test: TestContext, port: number) => Promise<Page>

    beforeAll(async () => {
      const root = fileURLToPath(new URL('python', import.meta.url))
      const built = { root, configFile: false, build: { outDir: folder, emptyOutDir: true } } as const
      const library = usePackedLibrary()
      await build({ ...built, plugins: [react(), library.plugin], logLevel: 'error' })
      expect([...library.imported].filter(([, file]) => !file?.startsWith(packed))).toEqual([])
      expect(library.imported.size).toBeGreaterThan(0)
      const pages = await preview({ ...built, preview: { port: await freePort() } })
      const browser = await chromium.launch(await browserLaunchOptions())
      const profile = await browser.newContext()
      open = async ({ onTestFinished }, port) => {
        const page = await profile.newPage()
        await page.goto(`${pages.resolvedUrls!.local[0]!}?server=http://127.0.0.1:${port}`)
        await page.locator('[data-connection=online]').waitFor()
        onTestFinished(() => page.close())
        return page
      }
      return async () => {
        await browser.close()
        await pages.close()
        rmSync(folder, { recursive: true })
      }
    })

    const sees = (page: Page, state: 'typing' | 'idle', timeout = SOON) =>
      page
        .locator(`[data-typing-badge][data-state=${state}]`)
        .waitFor({ state: state === 'idle' ? 'attached' : 'visible', timeout })

    test('S1, S2, S3: Python types and React shows it: a lease at once, renewals by the clock, a release when idle', async (context) => {
      const port = await freePort()
      const server = await startServer(context, port)
      const ann = await open(context, port)
      const bob = startPython(context, port)
      await bob.untilReported('connection', { state: 'online' })
      const began = performance.now()
      const keys = setInterval(() => bob.type('x'), 500)
      context.onTestFinished(() => clearInterval(keys))
      bob.type('H')
      await sees(ann, 'typing')
      const leases = () => server.receivedFrom('bob').filter(({ event }) => event === 'om:lease')
      // The first, and two renewals.
      await vi.waitFor(() => expect(leases()).toHaveLength(3), { timeout: 14_000 })
      await sees(ann, 'typing')
      clearInterval(keys)
      const idle = performance.now()
      await sees(ann, 'idle', 6000)
      const times = leases().map(({ at }) => Math.round((at - began) / 1000))
      expect(times.slice(0, 3)).toEqual([0, 5, 10])
      expect(leases().map(({ args: [, ttl, activity, to] }) => [ttl, activity, to])).toEqual(
        [7000, 7000, 7000, 0].map((ttl) => [ttl, 'typing', { user: 'ann' }]),
      )
      expect(leases()[3]!.at - idle).toBeGreaterThan(3000)
    })

    test('S4: Enter releases the lease before the message, and so do an emptied line and the end of the program', async (context) => {
      const port = await freePort()
      const server = await startServer(context, port)
      const ann = await open(context, port)
      const bob = startPython(context, port)
      await bob.untilReported('connection', { state: 'online' })
      bob.type('Hellö')
      await sees(ann, 'typing')
      bob.type('\n')
      await ann.getByText('Hellö').waitFor({ timeout: SOON })
      await sees(ann, 'idle')
      await bob.untilReported('sent', { answer: { ok: true } })
      const sent = server
        .receivedFrom('bob')
        .map(({ event, args }) => (event === 'om:lease' ? `lease ${args[1] as number}` : event))
      expect(sent).toEqual(['om:hello', 'om:subscribe', 'lease 7000', 'lease 0', 'om:send'])

      bob.type('x')
      await sees(ann, 'typing')
      bob.type('\x7f')
      await sees(ann, 'idle')
      bob.type('x')
      await sees(ann, 'typing')
      expect(await bob.close()).toBe(0)
      await sees(ann, 'idle')
    })

    test('React types and sends, and Python prints both', async (context) => {
      const port = await freePort()
      await startServer(context, port)
      const ann = await open(context, port)
      const bob = startPython(context, port)
      await bob.untilReported('connection', { state: 'online' })
      const field = ann.getByLabel('Message')
      await field.press('H')
      await bob.untilReported('shown', { total: 1, typists: [{ id: 'ann' }] })
      await field.fill('')
      await bob.untilReported('shown', { total: 0, typists: [] })
      await field.pressSequentially('Grüße')
      await bob.untilReported('shown', { total: 1 })
      await field.press('Enter')
      await bob.untilReported('message', { command: 'line', data: 'Grüße', from: { id: 'ann' } })
      expect(bob.reports.at(-2)).toMatchObject({ kind: 'shown', total: 0 })
    })

    test('a restarted server: Python empties its state, refuses to send while offline, and subscribes again', async (context) => {
      const port = await freePort()
      const first = await startServer(context, port)
      const ann = await open(context, port)
      const bob = startPython(context, port)
      await bob.untilReported('connection', { state: 'online' })
      await ann.getByLabel('Message').press('H')
      await bob.untilReported('shown', { total: 1 })
      await first.close()
      await bob.untilReported('connection', { state: 'offline' })
      await bob.untilReported('shown', { total: 0 })
      bob.type('never\n')
      await bob.untilReported('sent', { answer: { ok: false, code: 'offline' } })

      const second = await startServer(context, port)
      await bob.untilReported('connection', { state: 'online' }, 20_000)
      await ann.locator('[data-connection=online]').waitFor()
      expect(second.receivedFrom('bob').map(({ event }) => event)).toEqual(['om:hello', 'om:subscribe'])
      await ann.getByLabel('Message').press('i')
      await bob.untilReported('shown', { total: 1 })
      bob.type('x')
      await sees(ann, 'typing')
      expect(await ann.locator('output').innerText()).toBe('')
    })
  })

  describe.concurrent('a client in Python and a server written by hand', () => {
    const welcome = () => ({ ok: true, version: 1, time: Date.now(), maxAge: 2000, maxBytes: 4096, tellActive: false })
    const typist = (since: number, id = 'ann') => ({ id, name: 'Ann', since })

    /** Starts a server that answers the hello as given, and lets the test emit what it likes. */
    async function startBareServer(context: TestContext, answer: () => object | undefined = welcome) {
      const port = await freePort()
      const sockets: Socket[] = []
      const { received } = await listen(context, port, (server) => {
        server.on('connection', (socket) => {
          sockets.push(socket)
          socket.on('om:hello', (_version, reply: (answer: object) => void) => {
            const content = answer()
            if (content) reply(content)
          })
        })
      })
      const bob = startPython(context, port)
      const receivedEvents = () => received.map(({ event }) => event)
      const emit = (event: string, ...args: readonly unknown[]) => void sockets[0]!.emit(event, ...args)
      return { bob, receivedEvents, emit }
    }
    const ann = { user: 'ann' }

    test('K2: drops an expired message; an expired typing update makes it say hello and subscribe again', async (context) => {
      const { bob, receivedEvents, emit } = await startBareServer(context)
      await bob.untilReported('connection', { state: 'online' })
      emit('om:typists', Date.now(), ann, 1, [typist(1)])
      await bob.untilReported('shown', { total: 1 })
      emit('om:message', Date.now() - 2500, ann, 'line', '"late"', { id: 'ann' })
      emit('om:message', Date.now(), ann, 'reaction', '"fresh"', { id: 'ann' })
      await bob.untilReported('message', { data: 'fresh' })
      expect(bob.reports.findLast(({ kind }) => kind === 'shown')).toMatchObject({ total: 1 })
      expect(receivedEvents()).toEqual(['om:hello', 'om:subscribe'])

      emit('om:typists', Date.now() - 2500, ann, 1, [typist(1)])
      await bob.untilReported('shown', { total: 0 })
      const twice = ['om:hello', 'om:subscribe', 'om:hello', 'om:subscribe']
      await vi.waitFor(() => expect(receivedEvents()).toEqual(twice), { timeout: 8000 })
      await bob.untilReported('connection', { state: 'online' })
      expect(bob.reports.filter(({ kind }) => kind === 'message')).toHaveLength(1)
    })

    test('R2, R6: shows a crowd, reports changes only, and removes a typist whose message has arrived', async (context) => {
      const { bob, emit } = await startBareServer(context)
      await bob.untilReported('connection', { state: 'online' })
      const crowd = [typist(1), typist(2, 'cy')]
      for (let time = 1; time <= 3; time++) emit('om:typists', Date.now(), ann, 7, crowd)
      await bob.untilReported('shown', { total: 7, typists: [{ id: 'ann' }, { id: 'cy' }] })
      emit('om:message', Date.now(), ann, 'line', '"hello"', { id: 'ann' })
      emit('om:typists', Date.now(), ann, 7, crowd)
      await bob.untilReported('message', { data: 'hello' })
      await bob.untilReported('shown', { total: 6, typists: [{ id: 'cy' }] })
      emit('om:typists', Date.now(), ann, 7, [typist(3), typist(2, 'cy')])
      await bob.untilReported('shown', { total: 7, typists: [{ id: 'ann' }, { id: 'cy' }] })
      expect(bob.reports.filter(({ kind }) => kind === 'shown')).toHaveLength(3)
    })

    test('rule 6: survives anything, and ignores what it does not know', async (context) => {
      const { bob, receivedEvents, emit } = await startBareServer(context)
      await bob.untilReported('connection', { state: 'online' })
      const at = Date.now()
      const nonsense = [undefined, null, 1e300, NaN, 'text', [], {}, { user: 'cy' }, { user: 7 }, true]
      for (const event of ['om:message', 'om:typists', 'om:refused', 'om:future']) {
        emit(event)
        for (const value of nonsense) {
          emit(event, value, ann, value, value, value)
          emit(event, at, value, value, value, value)
          emit(event, at, { user: 'cy' }, 'line', '1', { id: 'cy' })
          if (event !== 'om:refused') emit(event, at, ann, value, value, value)
        }
      }
      emit('om:message', at, ann, 'line', '{not JSON', { id: 'ann', name: 7, mood: 'any' }, { any: 'thing' })
      await bob.untilReported('message', { data: null, from: { id: 'ann' } })
      emit('om:typists', at, ann, 2, [null, 7, typist(1), { id: 7 }, { ...typist(2), id: 'cy', activity: 'juggling' }])
      await bob.untilReported('shown', { total: 2, typists: [{ id: 'ann' }, { id: 'cy' }] })
      emit('om:refused', at, ann, { ok: false, code: 'asleep', message: 'Wake me first.' })
      await bob.untilReported('refused', { refusal: { code: 'asleep' } })
      await bob.untilReported('shown', { total: 0 })
      expect(bob.reports.filter(({ kind }) => kind === 'message')).toHaveLength(1)
      expect(receivedEvents()).toEqual(['om:hello', 'om:subscribe'])
    })

    test('rule 1: sends nothing before its hello is accepted: refused or unanswered, it is not online', async (context) => {
      const answers = [undefined, { ok: false, code: 'forbidden', message: 'Sign in first.' }]
      const { bob, receivedEvents } = await startBareServer(context, () => answers.shift())
      bob.type('x')
      bob.type('\n')
      await bob.untilReported('sent', { answer: { ok: false, code: 'offline' } })
      // After five seconds it asks again.
      await bob.untilReported('problem', { text: 'No answer: is attachOnlineMessages called there?' }, 8000)
      await bob.untilReported('refused', { refusal: { code: 'forbidden' } })
      bob.type('y')
      bob.type('\n')
      await vi.waitFor(() => expect(bob.reports.filter(({ kind }) => kind === 'sent')).toHaveLength(2))
      expect(receivedEvents()).toEqual(['om:hello', 'om:hello'])
    })

    test('without a server it says so, and what to do', async () => {
      const child = spawn(python, [program, `http://127.0.0.1:${await freePort()}`, '--user', 'bob', '--to', 'ann'])
      let errors = ''
      child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
      expect(await once(child, 'exit')).toEqual([1, null])
      expect(errors).toContain('Start the server, or give its address.')
    })
  })
}
