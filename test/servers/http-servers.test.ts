/** The files of examples/servers, run with the packages they name and with the library as `npm run build` has made it. */
import type { Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Server } from 'socket.io'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { OnlineMessageServer } from '../../src/server/index.ts'
import { atEnd, clientsOf, closeAll, names, type TestClient, until } from '../support/server/harness.ts'

const folder = fileURLToPath(new URL('../../examples/servers/', import.meta.url))
const team = { group: 'team' }

beforeAll(() => {
  vi.stubEnv('PORT', '0')
})
afterEach(closeAll)
afterAll(() => {
  vi.unstubAllEnvs()
})

/** Runs one of the files. */
const run = async <Exports = { http: HttpServer }>(file: string): Promise<Exports> =>
  (await import(`${folder}${file}`)) as Exports

async function urlOf(http: HttpServer): Promise<string> {
  await until(() => http.listening, 'the server listens')
  return `http://localhost:${(http.address() as AddressInfo).port}`
}

/** Who types, as one device sees it now. */
function watchTypists({ client }: TestClient): () => string[] | undefined {
  const typists = client.typists(team)
  atEnd(typists.subscribe(() => {}))
  return () => names(typists.getState())
}

/** One device types until the other one sees it. The key is pressed again and again, since nobody says when the other listens. */
async function typeUntilSeen(typist: TestClient, seen: () => string[] | undefined) {
  const typing = typist.client.typing(team)
  await until(() => {
    typing.keystroke()
    return seen()?.[0] === typist.user
  }, `${typist.user} is seen typing`)
  return typing
}

async function expectTyping(url: string) {
  const connect = (user: string) => clientsOf(url).connect(user, { auth: { token: `token-of-${user}` } })
  const [ann, bob] = await Promise.all([connect('ann'), connect('bob')])
  const seenByBob = watchTypists(bob)
  const typing = await typeUntilSeen(ann, seenByBob)
  typing.stop()
  await until(() => seenByBob()?.length === 0)
}

test.each(['koa.mjs', 'hono.mjs'])('%s: two people type, beside the pages of the framework', async (file) => {
  const { http } = await run(file)
  atEnd(() => http.close())
  const url = await urlOf(http)
  await expectTyping(url)
  expect(await (await fetch(url)).text()).toBe('Hello')
})

test('fastify.mjs: two people type, and the server closes while they are connected', async () => {
  const { fastify } = await run<{ fastify: { server: HttpServer; close(): Promise<void> } }>('fastify.mjs')
  const url = await urlOf(fastify.server)
  await expectTyping(url)
  expect(await (await fetch(url)).text()).toBe('Hello')
  await fastify.close()
  expect(fastify.server.listening).toBe(false)
})

test('allow-list.mjs: the events of the plug-in pass, and events that are on no list do not', async () => {
  const { http, io } = await run<{ http: HttpServer; io: Server }>('allow-list.mjs')
  atEnd(() => io.close())
  const arrived: string[] = []
  io.on('connection', (socket) => {
    for (const event of ['message', 'other']) socket.on(event, () => arrived.push(event))
  })
  const url = await urlOf(http)
  await expectTyping(url)
  const socket = await clientsOf(url).raw('ann')
  socket.emit('other')
  socket.emit('message')
  await until(() => arrived.length > 0)
  expect(arrived).toEqual(['message'])
})

test('express-sessions.mjs: the session says who types, and signing out ends it', async () => {
  const { http, online } = await run<{ http: HttpServer; online: OnlineMessageServer }>('express-sessions.mjs')
  atEnd(() => http.close())
  const url = await urlOf(http)
  const signIn = async (password: string) => {
    const response = await fetch(`${url}/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ password }),
    })
    return { status: response.status, cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '' }
  }
  const open = (user: string, cookie: string) => clientsOf(url).begin(user, { socket: { extraHeaders: { cookie } } })

  expect((await signIn('wrong')).status).toBe(401)
  const annsSession = await signIn('password-of-ann')
  const ann = open('ann', annsSession.cookie)
  const bob = open('bob', (await signIn('password-of-bob')).cookie)
  for (const { client } of [ann, bob]) await until(() => client.connection.getState() === 'online')
  const seenByBob = watchTypists(bob)
  await typeUntilSeen(ann, seenByBob)

  const stranger = open('stranger', '')
  await until(() => stranger.socket.connected)
  expect(await stranger.client.send(team, 'note')).toMatchObject({ ok: false, code: 'forbidden' })

  await fetch(`${url}/sign-out`, { method: 'POST', headers: { cookie: annsSession.cookie } })
  await until(() => seenByBob()?.length === 0)
  expect(ann.client.connection.getState()).toBe('offline')
  expect(online.stats()).toMatchObject({ leases: 0 })
})
