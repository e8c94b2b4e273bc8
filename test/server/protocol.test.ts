import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Socket as Engine } from 'engine.io-client'
import { Server } from 'socket.io'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { attachOnlineMessages } from '../../src/server/index.ts'

const page = readFileSync(new URL('../../PROTOCOL.md', import.meta.url), 'utf8')
const lines = [...page.matchAll(/^(ann|bob) (→|←) (.*)$/gm)].map(([, who, way, frame]) => ({
  who: who as 'ann' | 'bob',
  way,
  frame: frame!,
}))

/** The page's stamps are of a New Year's day; those of this run are of now. */
const withoutStamps = (frame: string) => frame.replace(/\b\d{13}\b/g, 'STAMP')
const withFreshStamps = (frame: string) => frame.replace(/\b\d{13}\b/g, () => String(Date.now()))

/** A raw connection: frames go and come as they are on the wire. */
async function connect(port: number, user: object): Promise<{ engine: Engine; next(): Promise<string> }> {
  const engine = new Engine(`ws://127.0.0.1:${port}`, { path: '/socket.io/', transports: ['websocket'] })
  const arrived: string[] = []
  let wake = () => {}
  engine.on('message', (data) => {
    arrived.push(`4${String(data)}`)
    wake()
  })
  const next = async () => {
    while (!arrived.length) await new Promise<void>((resolve) => (wake = resolve))
    return arrived.shift()!
  }
  await new Promise<void>((resolve) => engine.once('open', resolve))
  engine.send(`0${JSON.stringify(user)}`)
  expect(await next()).toMatch(/^40/)
  return { engine, next }
}

const http = createServer()
const server = new Server(http)
beforeAll(async () => {
  attachOnlineMessages(server, {
    identify: ({ handshake }) => handshake.auth as { id: string },
    authorize: ({ conversation }) => conversation.group !== 'board',
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
})
afterAll(() => server.close())

test('the examples in PROTOCOL.md are what the wire carries, frame by frame', async () => {
  expect(lines.length).toBeGreaterThanOrEqual(14)
  const { port } = http.address() as AddressInfo
  const people = {
    ann: await connect(port, { id: 'ann' }),
    bob: await connect(port, { id: 'bob', name: 'Bob' }),
  }
  for (const { who, way, frame } of lines) {
    // The leading 4 is the engine's: it is written by `send`.
    if (way === '→') people[who].engine.send(withFreshStamps(frame).slice(1))
    else expect(withoutStamps(await people[who].next())).toBe(withoutStamps(frame))
  }
  for (const { engine } of Object.values(people)) engine.close()
})

test('every event named in PROTOCOL.md is one of the code, and the other way round', () => {
  const wire = readFileSync(new URL('../../src/core/wire.ts', import.meta.url), 'utf8')
  const events = (text: string) => [...new Set([...text.matchAll(/om:[a-z]+/g)].map(([event]) => event))].sort()
  expect(events(page)).toEqual(events(wire))
})
