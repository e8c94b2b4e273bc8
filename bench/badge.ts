/**
 * Measures how soon a badge appears and disappears, one-to-one and in a room of 30: after a key, a stop, a closed tab and a
 * network that vanished. It is compared with the usual two events, `typing` and `stop typing`, which the server emits to the
 * room, and a reader that forgets a typist after 5 s. The server, the readers and the typists have processes of their own;
 * a typist's is killed, or stopped.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { io as connect, type Socket } from 'socket.io-client'
import { type Conversation, createOnlineMessageClient } from '../src/core/index.ts'
import { attachOnlineMessages } from '../src/server/index.ts'
import { createSocketTransport } from '../src/transports/socket-io/index.ts'
import { sharedNow } from '../test/support/until.ts'
import { answerRequests, type BenchProcess, printTable, quantile, sleep, startProcess, until } from './kit/processes.ts'

const ROUNDS = 40
/** How often a typist's tab closes, and how often its network vanishes. */
const VANISHING_ROUNDS = 3
const TYPIST = 'typist'
/** After how long the usual reader forgets a typist, in milliseconds. */
const USUAL_TIMEOUT = 5000

const WAYS = ['ours', 'usual'] as const
type Way = (typeof WAYS)[number]

/** The conversation as the typist and as the readers name it, and how many readers there are. */
const SETTINGS = [
  { name: 'one-to-one', readers: 1, typistsName: { user: 'reader0' }, readersName: { user: TYPIST } },
  { name: 'a room of 30', readers: 29, typistsName: { group: 'hall' }, readersName: { group: 'hall' } },
] as const satisfies readonly { name: string; readers: number; typistsName: Conversation; readersName: Conversation }[]

function runServer(): void {
  const http = createServer()
  const io = new Server(http)
  const userOf = (socket: { handshake: { auth: Record<string, unknown> } }) => String(socket.handshake.auth.user)
  const plugin = attachOnlineMessages(io, { identify: userOf, authorize: 'anyone' })
  io.on('connection', (socket) => {
    void socket.join('hall')
    for (const event of ['typing', 'stop typing']) socket.on(event, () => socket.to('hall').emit(event))
  })
  answerRequests({
    listen: () =>
      new Promise((resolve) => {
        http.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(http.address() as AddressInfo).port}`))
      }),
    subscriptions: () => plugin.stats().subscriptions,
    connections: () => plugin.stats().connections,
  })
}

interface Connecting {
  readonly url: string
  readonly way: Way
  readonly setting: number
}

async function openSocket(url: string, user: string): Promise<Socket> {
  const socket = connect(url, { transports: ['websocket'], forceNew: true, auth: { user } })
  await until(() => socket.connected)
  return socket
}

/** What is on a reader's screen, and when it changed last. */
interface Screen {
  shown: boolean
  at: number
}

function runReaders(): void {
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
      timer = setTimeout(hide, USUAL_TIMEOUT)
      show(true)
    })
  }
  answerRequests({
    async connect({ url, way, setting }: Connecting) {
      const { readers, readersName } = SETTINGS[setting]!
      for (let index = 0; index < readers; index++) {
        const socket = await openSocket(url, `reader${index}`)
        const screen: Screen = { shown: false, at: 0 }
        screens.push(screen)
        const show = (shown: boolean) => {
          if (shown !== screen.shown) Object.assign(screen, { shown, at: sharedNow() })
        }
        if (way === 'ours') watchOurs(socket, readersName, show)
        else watchUsual(socket, show)
      }
    },
    screens: () => screens,
  })
}

function runTypist(): void {
  let press = () => {}
  let stop = () => {}
  answerRequests({
    async connect({ url, way, setting }: Connecting) {
      const socket = await openSocket(url, TYPIST)
      if (way === 'ours') {
        const { typistsName } = SETTINGS[setting]!
        const client = createOnlineMessageClient({ transport: createSocketTransport(socket) })
        client.typists(typistsName).subscribe(() => {})
        await until(() => client.connection.getState() === 'online')
        const typing = client.typing(typistsName)
        press = () => typing.keystroke()
        stop = () => typing.stop()
      } else {
        press = () => void socket.emit('typing')
        stop = () => void socket.emit('stop typing')
      }
    },
    press() {
      const at = sharedNow()
      press()
      return at
    },
    stop() {
      const at = sharedNow()
      stop()
      return at
    },
  })
}

/** Waits until every screen shows the badge, or no screen. @returns how many milliseconds each took. */
async function timesUntil(readers: BenchProcess, shown: boolean, since: number): Promise<number[]> {
  let screens: readonly Screen[] = []
  await until(async () => {
    screens = await readers.request<Screen[]>('screens')
    return screens.every((screen) => screen.shown === shown)
  })
  return screens.map(({ at }) => at - since)
}

interface Times {
  /** From a key until the badge is shown. */
  readonly there: number[]
  /** From a stop until the badge is gone. */
  readonly gone: number[]
  /** From a closed tab until the badge is gone. */
  readonly closed: number[]
  /** From a vanished network until the badge is gone. */
  readonly vanished: number[]
}

async function measure(url: string, server: BenchProcess, way: Way, setting: number): Promise<Times> {
  const readers = startProcess('readers')
  const connecting: Connecting = { url, way, setting }
  await readers.request('connect', connecting)
  if (way === 'ours') {
    await until(async () => (await server.request<number>('subscriptions')) === SETTINGS[setting]!.readers)
  }
  const times: Times = { there: [], gone: [], closed: [], vanished: [] }
  const startTypist = async () => {
    const typist = startProcess('typist')
    await typist.request('connect', connecting)
    return typist
  }

  const typist = await startTypist()
  for (let round = 0; round < ROUNDS; round++) {
    times.there.push(...(await timesUntil(readers, true, await typist.request<number>('press'))))
    times.gone.push(...(await timesUntil(readers, false, await typist.request<number>('stop'))))
    await sleep(20)
  }
  typist.kill()
  for (const end of ['closed', 'vanished'] as const) {
    for (let round = 0; round < VANISHING_ROUNDS; round++) {
      const leaving = await startTypist()
      await timesUntil(readers, true, await leaving.request<number>('press'))
      const at = sharedNow()
      if (end === 'closed') leaving.kill()
      else leaving.signal('SIGSTOP')
      times[end].push(...(await timesUntil(readers, false, at)))
      leaving.kill()
    }
  }
  readers.kill()
  await until(async () => (await server.request<number>('connections')) === 0)
  return times
}

async function bench(): Promise<void> {
  const server = startProcess('server')
  const url = await server.request<string>('listen')
  const rows: (string | number)[][] = []
  const missedTargets: string[] = []
  for (const [setting, { name }] of SETTINGS.entries()) {
    for (const way of WAYS) {
      const { there, gone, closed, vanished } = await measure(url, server, way, setting)
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
      if (most(there) > 100 || most(gone) > 100) missedTargets.push(`${name}: over 100 ms`)
      if (most(closed) > 1000) missedTargets.push(`${name}: a closed tab is shown for over 1 s`)
      if (most(vanished) > 8000) missedTargets.push(`${name}: a vanished typist is shown for over 8 s`)
    }
  }
  console.log(`${ROUNDS} times on and off, ${VANISHING_ROUNDS} times closed and vanished; Node ${process.version}\n`)
  printTable(
    ['way', 'where', 'there p50 ms', 'p99', 'gone p50 ms', 'p99', 'closed: gone after s', 'vanished: gone after s'],
    rows,
  )
  console.log(missedTargets.length ? `\nmissed: ${missedTargets.join('; ')}` : '\nevery target is met')
  server.kill()
  process.exit(missedTargets.length ? 1 : 0)
}

const [, , role] = process.argv
if (role === 'server') runServer()
else if (role === 'readers') runReaders()
else if (role === 'typist') runTypist()
else await bench()
