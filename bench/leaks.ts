/**
 * Looks for memory that is not given back: what 100,000 mounts of a small chat leave in a page, and what 100,000 connections
 * that subscribed and closed leave in a server. Some are done first, since the first ones pay for what is allocated once. Then
 * the heap may not grow by more than a few bytes for each mount and each connection.
 *
 * `npm run bench:leaks -- 5000` does fewer, as `npm test` does.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { JSDOM } from 'jsdom'
import { Server } from 'socket.io'
import { attachOnlineMessages } from '../src/server/index.ts'
import { runMembers, startCrowd } from './kit/members.ts'
import { answerRequests, type BenchProcess, printTable, sleep, startProcess, until } from './kit/processes.ts'

const [, , roleOrCount, argument = ''] = process.argv
const DEFAULT_COUNT = 100_000

/** Mounts and connections before the first measurement. */
const WARM_UP = 3000

/** Connections that are open at the same time. */
const WAVE = 500

/** Chats that are mounted at the same time. */
const CHATS = 20

/** What one mount or one connection may leave behind, in bytes of heap. The smallest kept object costs more. */
const MAX_BYTES_EACH = 12

/**
 * What grows meanwhile without being left behind, in bytes of heap: 280,000 to 400,000 are what V8 still compiles between
 * the 3,000th and the 8,000th mount. Among 100,000 mounts they hardly count.
 */
const NOISE = 500_000

async function heapInUse(): Promise<number> {
  // Twice: what is freed may hold what is freed after it.
  for (let round = 0; round < 2; round++) {
    globalThis.gc?.()
    await sleep(100)
  }
  return process.memoryUsage().heapUsed
}

/** A page that mounts and unmounts chats. Others type in them, and so does the person. */
async function runPage(): Promise<void> {
  const { window } = new JSDOM('<div id="root"></div>')
  Object.assign(globalThis, { window, document: window.document })
  process.env.NODE_ENV = 'production'
  const { createElement } = await import('react')
  const { createRoot } = await import('react-dom/client')
  const { flushSync } = await import('react-dom')
  const { createOnlineMessageClient, OnlineMessageProvider, TypingBadge, useOnlineMessage, useTypingIndicator } =
    await import('../src/index.ts')
  const { createMemoryNetwork } = await import('../src/transports/memory/index.ts')

  const network = createMemoryNetwork()
  const ann = createOnlineMessageClient({ transport: network.join({ id: 'ann' }) })
  const bob = createOnlineMessageClient({ transport: network.join({ id: 'bob' }) })
  const toBob = { user: 'bob' }

  function Chat({ thread }: { readonly thread: string }) {
    const conversation = { ...toBob, thread }
    const { inputProps } = useTypingIndicator(conversation)
    useOnlineMessage({ conversation, command: 'wave', onMessage() {} })
    return createElement(
      'div',
      null,
      createElement(TypingBadge, { conversation }),
      createElement('textarea', { ...inputProps, defaultValue: '' }),
    )
  }

  let mounted = 0
  const root = createRoot(window.document.querySelector('#root')!)
  const render = (chats: readonly number[]) => {
    flushSync(() =>
      root.render(
        createElement(
          OnlineMessageProvider,
          { client: ann },
          chats.map((number) => createElement(Chat, { key: number, thread: `t${number}` })),
        ),
      ),
    )
  }

  answerRequests({
    heap: heapInUse,
    async mount(count: number) {
      for (const end = mounted + count; mounted < end; mounted += CHATS) {
        const chats = Array.from({ length: CHATS }, (_, index) => mounted + index)
        render(chats)
        const typing = bob.typing({ user: 'ann', thread: `t${mounted}` })
        typing.keystroke()
        const field = window.document.querySelector('textarea')!
        field.value = 'x'
        field.dispatchEvent(new window.InputEvent('input', { bubbles: true, inputType: 'insertText', data: 'x' }))
        await new Promise((resolve) => setImmediate(resolve))
        typing.stop()
        render([])
      }
    },
  })
}

/** A server to which connections come and go. */
function runServer(): void {
  const http = createServer()
  const io = new Server(http)
  const online = attachOnlineMessages(io, {
    identify: ({ handshake }) => String(handshake.auth.user),
    authorize: 'anyone',
  })
  answerRequests({
    listen: () =>
      new Promise((resolve) => {
        http.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(http.address() as AddressInfo).port}`))
      }),
    subscriptions: () => online.stats().subscriptions,
    connected: () => io.engine.clientsCount,
    heap: heapInUse,
  })
}

interface Growth {
  readonly before: number
  readonly after: number
}

async function measurePage(count: number): Promise<Growth> {
  const page = startProcess('page')
  await page.request('mount', WARM_UP)
  const before = await page.request<number>('heap')
  await page.request('mount', count)
  const after = await page.request<number>('heap')
  page.kill()
  return { before, after }
}

/** Each connection subscribes to a user of its own. */
async function connectInWaves(server: BenchProcess, url: string, count: number): Promise<void> {
  const crowd = startCrowd(1)
  for (let done = 0; done < count; done += WAVE) {
    await crowd.connect({ url, count: WAVE, kind: 'user' })
    await until(async () => (await server.request<number>('subscriptions')) === WAVE)
    await crowd.disconnect()
    await until(async () => (await server.request<number>('connected')) === 0)
  }
  crowd.kill()
}

async function measureServer(count: number): Promise<Growth> {
  const server = startProcess('server')
  const url = await server.request<string>('listen')
  await connectInWaves(server, url, WARM_UP)
  const before = await server.request<number>('heap')
  await connectInWaves(server, url, count)
  const after = await server.request<number>('heap')
  server.kill()
  return { before, after }
}

async function bench(count: number): Promise<void> {
  const growths = { mounts: await measurePage(count), connections: await measureServer(count) }
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`
  console.log(`heap in use after ${WARM_UP}, and after ${count} more, Node ${process.version}\n`)
  printTable(
    ['what', 'before', 'after', 'bytes each'],
    Object.entries(growths).map(([what, { before, after }]) => [
      what,
      megabytes(before),
      megabytes(after),
      ((after - before) / count).toFixed(2),
    ]),
  )
  const leaks = Object.entries(growths).filter(
    ([, { before, after }]) => after - before > NOISE + MAX_BYTES_EACH * count,
  )
  for (const [what] of leaks) console.log(`\n${what} leave something behind`)
  if (leaks.length === 0) console.log('\nnothing is left behind')
  process.exit(leaks.length === 0 ? 0 : 1)
}

if (roleOrCount === 'page') await runPage()
else if (roleOrCount === 'server') runServer()
else if (roleOrCount === 'members') runMembers(argument)
else await bench(Number(roleOrCount ?? DEFAULT_COUNT))
