import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Socket as Engine } from 'engine.io-client'
import { Server, type Socket } from 'socket.io'
import { io } from 'socket.io-client'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createOnlineMessageClient, type User } from '../../../src/core/index.ts'
import { attachOnlineMessages, type OnlineMessageServerOptions } from '../../../src/server/index.ts'
import { createSocketTransport } from '../../../src/transports/socket-io/index.ts'

const page = readFileSync(new URL('../../../PROTOCOL.md', import.meta.url), 'utf8')

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** Whose a connection is: that of whom its token names. */
const people: Readonly<Record<string, User>> = {
  ann: { id: 'ann' },
  bob: { id: 'bob', name: 'Bob' },
  cy: { id: 'cy' },
  dee: { id: 'dee' },
}

type Options = Partial<OnlineMessageServerOptions> & { readonly namespace?: string }

async function startServer(prepare: (server: Server) => void): Promise<number> {
  const http = createServer()
  const server = new Server(http)
  prepare(server)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  ends.push(() => server.close())
  return (http.address() as AddressInfo).port
}
const startPlugin = ({ namespace = '/', ...options }: Options = {}) =>
  startServer((server) => {
    const onlineMessages = attachOnlineMessages(server.of(namespace), {
      identify({ handshake, data }) {
        const { user } = data as { readonly user?: User }
        return user ?? people[String(handshake.auth.token)] ?? null
      },
      authorize: ({ conversation }) => conversation.group !== 'board',
      ...options,
    })
    server.of(namespace).on('connection', (socket) => {
      socket.on('sign-in', (id: string) => {
        Object.assign(socket.data as object, { user: { id } })
        onlineMessages.reidentify(socket)
      })
    })
  })

interface Raw {
  send(frame: string): void
  next(): Promise<string>
  close(): void
}

/** A raw connection: frames go and come as they are on the wire. */
async function connect(port: number): Promise<Raw> {
  const engine = new Engine(`ws://127.0.0.1:${port}`, { path: '/socket.io/', transports: ['websocket'] })
  const arrived: string[] = []
  let wake = () => {}
  engine.on('message', (data) => {
    arrived.push(`4${String(data)}`)
    wake()
  })
  ends.push(() => engine.close())
  await new Promise<void>((resolve) => engine.once('open', resolve))
  return {
    // The leading 4 is the engine's own.
    send: (frame) => void engine.send(frame.slice(1)),
    async next() {
      while (!arrived.length) await new Promise<void>((resolve) => (wake = resolve))
      return arrived.shift()!
    },
    close: () => engine.close(),
  }
}

/** Connects as somebody, as an app of this test wants it. */
async function join(port: number, who: string): Promise<Raw> {
  const raw = await connect(port)
  raw.send(`40{"token":"${who}"}`)
  expect(await raw.next()).toMatch(/^40/)
  return raw
}

/** Times and session ids differ from run to run. All of a page's times are of one New Year's day. */
const TIME = /\b\d{13}\b/g
const SID = /"sid":"[^"]+"/
const blurred = (frame: string) => frame.replace(TIME, 'TIME').replace(SID, '"sid":"SID"')

describe('the examples in PROTOCOL.md are what the wire carries, frame by frame', () => {
  interface Line {
    readonly who: string
    readonly way: string
    readonly frame: string
  }
  const examples = [...page.matchAll(/\n\n([^\n]+(?:\n[^\n]+)*):\n\n```\n((?:\w+ [→←×][^]*?)+)```/g)].map(
    ([, says = '', code = '']) => {
      const lines = [...code.matchAll(/^(\w+) (→|←|×) ?(.*)$/gm)].map(
        ([, who, way, frame]) => ({ who, way, frame }) as Line,
      )
      return { says: says.replaceAll('\n', ' '), lines }
    },
  )

  /** What a server has to be like for an example, by the words before it. Without any it is the server of the one before. */
  const servers: readonly (readonly [words: RegExp, options: Options])[] = [
    [/^Ann connects/, {}],
    [/names two typists/, { typingUpdates: { maxNames: 2 } }],
    [/one message a second.* how many/, { rateLimits: { perConnection: 1 }, countRecipients: true }],
    [/only the device in use/, { deliverTo: 'active-device' }],
    [/another namespace/, { namespace: '/chat' }],
    [/does not know yet who/, {}],
  ]

  /** The frame, with the times of now: one that is old on the page is as old here. */
  const asOfNow = (frame: string, latest: number) =>
    frame.replace(TIME, (time) => String(Date.now() + Math.min(0, Number(time) - latest)))

  async function play({ lines }: (typeof examples)[number], port: number, connections: Map<string, Raw>) {
    let latest = 0
    for (const { who, way, frame } of lines) {
      if (way === '×') {
        connections.get(who)?.close()
        connections.delete(who)
        continue
      }
      const raw = connections.get(who) ?? (frame.startsWith('40') ? await connect(port) : await join(port, who))
      connections.set(who, raw)
      if (way === '→') {
        const times = [...frame.matchAll(TIME)].map(Number)
        raw.send(asOfNow(frame, latest))
        latest = Math.max(latest, ...times)
      } else expect(blurred(await raw.next())).toBe(blurred(frame))
    }
    // Nothing else has come: the next is the answer to this.
    const namespace = /^40(\/\w+,)/.exec(lines[0]!.frame)?.[1] ?? ''
    for (const raw of connections.values()) {
      raw.send(`42${namespace}999["om:hello",1]`)
      expect(await raw.next()).toContain(`43${namespace}999[`)
    }
  }

  test('all of them', async () => {
    expect(examples.length).toBeGreaterThanOrEqual(10)
    expect(examples.flatMap(({ lines }) => lines).length).toBe(page.match(/^\w+ [→←×]/gm)?.length)
    let port = 0
    let connections = new Map<string, Raw>()
    let served = 0
    for (const example of examples) {
      const [, options] = servers.find(([words]) => words.test(example.says)) ?? []
      if (options) {
        port = await startPlugin(options)
        connections = new Map()
        served++
      }
      await play(example, port, connections)
    }
    expect(served).toBe(servers.length)
  })

  test('every event of the protocol is in one, and every code a server sends', () => {
    const frames = examples.flatMap(({ lines }) => lines.map(({ frame }) => frame)).join('\n')
    const events = (text: string) => [...new Set([...text.matchAll(/"om:([a-z]+)/g)].map(([, name]) => name!))].sort()
    const wire = readFileSync(new URL('../../../src/core/transport/wire.ts', import.meta.url), 'utf8').replaceAll(
      "'",
      '"',
    )
    expect(events(frames).filter((name) => name !== 'future')).toEqual(events(wire))
    for (const code of ['forbidden', 'rate-limited', 'invalid', 'timeout']) expect(frames).toContain(`"code":"${code}"`)
  })
})

test('every event named in PROTOCOL.md is one of the code, and the other way round', () => {
  const wire = readFileSync(new URL('../../../src/core/transport/wire.ts', import.meta.url), 'utf8')
  const events = (text: string) => [...new Set([...text.matchAll(/om:[a-z]+/g)].map(([event]) => event))].sort()
  expect(events(page).filter((event) => event !== 'om:future')).toEqual(events(wire))
})

describe('versions, as PROTOCOL.md has them', () => {
  test('a newer client with this server: what the server does not know is ignored, and not passed on', async () => {
    const port = await startPlugin()
    const [ann, bob] = [await join(port, 'ann'), await join(port, 'bob')]
    const news = '{"any":"thing"}'
    ann.send(`421["om:hello",1,${news}]`)
    expect(await ann.next()).toMatch(/^431\[\{"ok":true,"version":1,/)
    ann.send(`42["om:subscribe",[{"user":"bob","color":"red"}],${news}]`)
    bob.send(`422["om:future",${news}]`)
    bob.send(`42["om:lease",${Date.now()},7000,"juggling",{"user":"ann","color":"red"},${news}]`)
    expect(await ann.next()).toMatch(
      /^42\["om:typists",\d+,\{"user":"bob"\},1,\[\{"id":"bob","name":"Bob","since":\d+\}\]\]$/,
    )
    bob.send(`423["om:send",${Date.now()},"wave","1",{"user":"ann","color":"red"},"urgent",${news}]`)
    expect(await bob.next()).toBe('433[{"ok":true}]')
    expect(await ann.next()).toMatch(/^42\["om:message",\d+,\{"user":"bob"\},"wave","1",\{"id":"bob","name":"Bob"\}\]$/)
  })

  /** A server of another time, by hand. */
  const startOther = (welcome: object, serve: (socket: Socket) => void) =>
    startServer((server) => {
      server.on('connection', (socket) => {
        socket.on('om:hello', (_version, answer: (welcome: object) => void) => answer({ time: Date.now(), ...welcome }))
        serve(socket)
      })
    })
  const clientAt = (port: number) => {
    const socket = io(`http://127.0.0.1:${port}`, { forceNew: true, transports: ['websocket'] })
    ends.push(() => socket.disconnect())
    const transport = createSocketTransport(socket)
    ends.push(transport.connection.subscribe(() => {}))
    return createOnlineMessageClient({ transport, onError: (error) => errors.push(error.code) })
  }
  const errors: string[] = []
  const welcome = { ok: true, version: 1, maxAge: 2000, maxBytes: 4096 }

  test('this client with a newer server: what the client does not know is ignored', async () => {
    const port = await startOther({ ...welcome, tellActive: false, mood: { any: 'thing' } }, (socket) => {
      socket.on('om:subscribe', ([conversation]: object[]) => {
        const at = Date.now()
        const typist = { id: 'bob', activity: 'juggling', since: at, mood: 'any' }
        socket.emit('om:future', at, conversation, { any: 'thing' })
        socket.emit('om:typists', at, { ...conversation, color: 'red' }, 1, [typist], { any: 'thing' })
        socket.emit('om:message', at, conversation, 'wave', '1', { id: 'bob', mood: 'any' }, { any: 'thing' })
        socket.emit('om:refused', at, conversation, { ok: false, code: 'asleep', message: 'Wake me first.' }, {})
      })
      socket.on('om:send', (...args: unknown[]) => {
        const answer = args.at(-1) as (result: object) => void
        answer({ ok: false, code: 'asleep', message: 'Wake me first.', mood: 'any' })
      })
    })
    const client = clientAt(port)
    const heard: unknown[] = []
    const shown: unknown[] = []
    const typists = client.typists({ user: 'bob' })
    ends.push(typists.subscribe(({ total }) => shown.push(total)))
    ends.push(client.subscribe({ user: 'bob' }, 'wave', ({ data }) => heard.push(data)))
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(0))
    expect(heard[0]).toBe(1)
    await vi.waitFor(() => expect(shown.slice(0, 2)).toEqual([1, 0]))
    expect(errors).toContain('asleep')
    await expect(client.send({ user: 'bob' }, 'wave')).resolves.toMatchObject({ ok: false, code: 'asleep' })
  })

  test('this client with an older server: it does without what is missing', async () => {
    const told: string[] = []
    const port = await startOther(welcome, (socket) => {
      socket.onAny((event: string) => told.push(event))
      socket.on('om:send', (...args: unknown[]) => (args.at(-1) as (result: object) => void)({ ok: true }))
    })
    const client = clientAt(port)
    await vi.waitFor(() => expect(client.connection.getState()).toBe('online'))
    await expect(client.send({ user: 'bob' }, 'wave')).resolves.toEqual({ ok: true })
    expect(told).not.toContain('om:active')
  })
})
