/**
 * How soon a badge is there and gone, one-to-one and in a room of 30: after a key, a stop, a closed tab and a network that
 * vanished. Beside it the usual events, `typing` and `stop typing`, which the server emits to the room and a reader forgets
 * after 5 s. Server, readers and typists have processes of their own; a typist's is killed, or stopped.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { io as connect, type Socket } from 'socket.io-client'
import { type Conversation, createOnlineMessageClient } from '../src/core/index.ts'
import { attachOnlineMessages } from '../src/server/index.ts'
import { createSocketTransport } from '../src/transports/socket-io/index.ts'
import { play, print, quantile, sleep, start, until, type Worker } from './kit/workers.ts'

const ROUNDS = 40
const ENDS = 3
const TYPIST = 'typist'
const USUAL_LIFE = 5000

const WAYS = ['ours', 'usual'] as const
type Way = (typeof WAYS)[number]

/** How many read, and what the conversation is called at either end. */
const PLACES = [
  { name: 'one-to-one', readers: 1, written: { user: 'reader0' }, read: { user: TYPIST } },
  { name: 'a room of 30', readers: 29, written: { group: 'hall' }, read: { group: 'hall' } },
] as const satisfies readonly { name: string; readers: number; written: Conversation; read: Conversation }[]

/** Milliseconds on a clock that all processes of a machine share. */
const now = () => Number(process.hrtime.bigint() / 1000n) / 1000

function serve(): void {
  const http = createServer()
  const io = new Server(http)
  const userOf = (socket: { handshake: { auth: Record<string, unknown> } }) => String(socket.handshake.auth.user)
  const plugin = attachOnlineMessages(io, { identify: userOf, authorize: 'anyone' })
  io.on('connection', (socket) => {
    void socket.join('hall')
    for (const event of ['typing', 'stop typing']) socket.on(event, () => socket.to('hall').emit(event))
  })
  play({
    listen: () =>
      new Promise((resolve) => {
        http.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(http.address() as AddressInfo).port}`))
      }),
    listeners: () => plugin.stats().subscriptions,
    connections: () => plugin.stats().connections,
  })
}

interface Joining {
  readonly url: string
  readonly way: Way
  readonly place: number
}

async function join(url: string, user: string): Promise<Socket> {
  const socket = connect(url, { transports: ['websocket'], forceNew: true, auth: { user } })
  await until(() => socket.connected)
  return socket
}

/** What is on a reader's screen, and when it changed last. */
interface Screen {
  shown: boolean
  at: number
}

function playReaders(): void {
  const screens: Screen[] = []
  const watchOurs = (socket: Socket, conversation: Conversation, show: (shown: boolean) => void) => {
    const { typists } = createOnlineMessageClient({ transport: createSocketTransport(socket) })
    typists(conversation).subscribe(({ total }) => show(total > 0))
  }
  const watchUsual = (socket: Socket, show: (shown: boolean) => void) => {
    let timer: NodeJS.Timeout | undefined
    const hide = () => {
      clearTimeout(timer)
      show(false)
    }
    socket.on('stop typing', hide)
    socket.on('typing', () => {
      clearTimeout(timer)
      timer = setTimeout(hide, USUAL_LIFE)
      show(true)
    })
  }
  play({
    async join({ url, way, place }: Joining) {
      const { readers, read } = PLACES[place]!
      for (let index = 0; index < readers; index++) {
        const socket = await join(url, `reader${index}`)
        const screen: Screen = { shown: false, at: 0 }
        screens.push(screen)
        const show = (shown: boolean) => {
          if (shown !== screen.shown) Object.assign(screen, { shown, at: now() })
        }
        if (way === 'ours') watchOurs(socket, read, show)
        else watchUsual(socket, show)
      }
    },
    screens: () => screens,
  })
}

function playTypist(): void {
  let press = () => {}
  let stop = () => {}
  play({
    async join({ url, way, place }: Joining) {
      const socket = await join(url, TYPIST)
      if (way === 'ours') {
        const { written } = PLACES[place]!
        const client = createOnlineMessageClient({ transport: createSocketTransport(socket) })
        client.typists(written).subscribe(() => {})
        await until(() => client.connection.getState() === 'online')
        const typing = client.typing(written)
        press = () => typing.keystroke()
        stop = () => typing.stop()
      } else {
        press = () => void socket.emit('typing')
        stop = () => void socket.emit('stop typing')
      }
    },
    press() {
      const at = now()
      press()
      return at
    },
    stop() {
      const at = now()
      stop()
      return at
    },
  })
}

/** Waits until all screens show the badge, or none, and says how many milliseconds each took. */
async function took(readers: Worker, shown: boolean, since: number): Promise<number[]> {
  let screens: readonly Screen[] = []
  await until(async () => {
    screens = await readers.ask<Screen[]>('screens')
    return screens.every((screen) => screen.shown === shown)
  })
  return screens.map(({ at }) => at - since)
}

interface Times {
  readonly there: number[]
  readonly gone: number[]
  readonly closed: number[]
  readonly vanished: number[]
}

async function measure(url: string, server: Worker, way: Way, place: number): Promise<Times> {
  const readers = start('readers')
  const joining: Joining = { url, way, place }
  await readers.ask('join', joining)
  if (way === 'ours') {
    await until(async () => (await server.ask<number>('listeners')) === PLACES[place]!.readers)
  }
  const times: Times = { there: [], gone: [], closed: [], vanished: [] }
  const begin = async () => {
    const typist = start('typist')
    await typist.ask('join', joining)
    return typist
  }

  const typist = await begin()
  for (let round = 0; round < ROUNDS; round++) {
    times.there.push(...(await took(readers, true, await typist.ask<number>('press'))))
    times.gone.push(...(await took(readers, false, await typist.ask<number>('stop'))))
    await sleep(20)
  }
  typist.kill()
  for (const end of ['closed', 'vanished'] as const) {
    for (let round = 0; round < ENDS; round++) {
      const leaving = await begin()
      await took(readers, true, await leaving.ask<number>('press'))
      const at = now()
      if (end === 'closed') leaving.kill()
      else leaving.signal('SIGSTOP')
      times[end].push(...(await took(readers, false, at)))
      leaving.kill()
    }
  }
  readers.kill()
  await until(async () => (await server.ask<number>('connections')) === 0)
  return times
}

async function bench(): Promise<void> {
  const server = start('server')
  const url = await server.ask<string>('listen')
  const rows: (string | number)[][] = []
  const missed: string[] = []
  for (const [place, { name }] of PLACES.entries()) {
    for (const way of WAYS) {
      const { there, gone, closed, vanished } = await measure(url, server, way, place)
      const ms = (values: readonly number[], share: number) => quantile(values, share).toFixed(1)
      const most = (values: readonly number[]) => Math.max(...values)
      rows.push([
        way === 'ours' ? 'react-online-message' : 'typing and stop typing',
        name,
        ms(there, 0.5),
        ms(there, 0.99),
        ms(gone, 0.5),
        ms(gone, 0.99),
        (most(closed) / 1000).toFixed(2),
        (most(vanished) / 1000).toFixed(2),
      ])
      if (way !== 'ours') continue
      if (most(there) > 100 || most(gone) > 100) missed.push(`${name}: over 100 ms`)
      if (most(closed) > 1000) missed.push(`${name}: a closed tab is shown for over 1 s`)
      if (most(vanished) > 8000) missed.push(`${name}: a vanished typist is shown for over 8 s`)
    }
  }
  console.log(`${ROUNDS} times on and off, ${ENDS} times closed and vanished; Node ${process.version}\n`)
  print(
    ['way', 'where', 'there p50 ms', 'p99', 'gone p50 ms', 'p99', 'closed: gone after s', 'vanished: gone after s'],
    rows,
  )
  console.log(missed.length ? `\nmissed: ${missed.join('; ')}` : '\nevery target is met')
  server.kill()
  process.exit(missed.length ? 1 : 0)
}

const [, , part] = process.argv
if (part === 'server') serve()
else if (part === 'readers') playReaders()
else if (part === 'typist') playTypist()
else await bench()
