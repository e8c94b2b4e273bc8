import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Server, type ServerOptions } from 'socket.io'
import { io as connectSocket, Manager, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client'
import {
  createOnlineMessageClient,
  type Conversation,
  type OnlineMessage,
  type OnlineMessageClient,
  type OnlineMessageClientOptions,
  type OnlineMessageError,
  type Transport,
  type TypingState,
} from '../../../src/core/index.ts'
import {
  attachOnlineMessages,
  type OnlineMessageServer,
  type OnlineMessageServerOptions,
} from '../../../src/server/index.ts'
import { createSocketTransport } from '../../../src/transports/socket-io/index.ts'
import { withKeptHandles } from '../kept-handles.ts'
import { until } from '../until.ts'

export { until }

/** Both carriers of Socket.IO. */
export const CARRIERS = ['websocket', 'polling'] as const
export type Carrier = (typeof CARRIERS)[number]

export interface TestServerOptions {
  /** Of the plug-in. @default identify by `auth.user`, authorize 'anyone' */
  readonly plugin?: Partial<OnlineMessageServerOptions> | undefined
  /** Of Socket.IO. */
  readonly io?: Partial<ServerOptions> | undefined
  /** @default '/' */
  readonly namespace?: string | undefined
  /** Whether the plug-in is there at all. @default true */
  readonly attach?: boolean | undefined
}

export interface ConnectOptions {
  /** @default 'websocket' */
  readonly carrier?: Carrier | undefined
  /** Of the Socket.IO client, over the harness's own. */
  readonly socket?: Partial<ManagerOptions & SocketOptions> | undefined
  /** Of our client. */
  readonly client?: Omit<OnlineMessageClientOptions, 'transport' | 'onError'> | undefined
  /** Sent with the handshake; `user` is whom the server will take it for. */
  readonly auth?: Readonly<Record<string, unknown>> | undefined
}

/** A real HTTP server with a real Socket.IO server and the plug-in. */
export interface TestServer {
  readonly io: Server
  readonly online: OnlineMessageServer
  readonly url: string
  readonly port: number
  /** A client of ours by the id of its user, online. */
  connect(user: string, options?: ConnectOptions): Promise<TestClient>
  /** The same, not waited for. */
  begin(user: string, options?: ConnectOptions): TestClient
  /** A Socket.IO client without ours, connected. */
  raw(user: string, options?: ConnectOptions): Promise<Socket>
  close(): Promise<void>
}

/** One device of one user. */
export interface TestClient {
  readonly user: string
  readonly socket: Socket
  readonly transport: Transport
  readonly client: OnlineMessageClient
  /** What `onError` was called with. */
  readonly errors: OnlineMessageError[]
  /** Subscribes to a command and collects its messages. Waits until the subscription has taken effect, on a bus as well. */
  hear(conversation: Conversation, command?: string): Promise<OnlineMessage[]>
  /** Subscribes to who types and collects every state. Waits until the subscription has taken effect, on a bus as well. */
  watch(conversation: Conversation): Promise<TypingState[]>
  /** A round trip: the server has read all that was written before, and all that it had written is here. */
  settled(): Promise<void>
  close(): void
}

const open = new Set<() => unknown>()

/** Closes everything that a test opened. For `afterEach`. */
export async function closeAll(): Promise<void> {
  // The latest first: clients before their server.
  for (const close of [...open].reverse()) await close()
  open.clear()
}

/** Registers something to be closed with the rest. */
export function atEnd(close: () => unknown): void {
  open.add(close)
}

/** Bytes in use on the heap once all garbage has been collected. */
export function heapInUse(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  // Twice: what is freed may hold what is freed after it.
  collect()
  collect()
  return process.memoryUsage().heapUsed
}

const PING = 'test:ping'

/** A round trip on one socket, in order with all else on it. */
export const roundTrip = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.emit(PING, () => resolve())
  })

/** First the senders' packets are read by the server, then what it wrote is read by the receivers. */
export async function allQuiet(...clients: readonly { settled(): Promise<void> }[]): Promise<void> {
  for (let round = 0; round < 2; round++) await Promise.all(clients.map((client) => client.settled()))
}

/** The names of those who type, as a state has them. */
export const names = (state: TypingState | undefined): string[] | undefined => state?.typists.map(({ id }) => id)

/** What a client of a test is made of. */
interface ClientParts {
  readonly socket: Socket
  readonly user: string
  readonly options: ConnectOptions
  /** Resolves when all subscriptions that the server knows of have taken effect. */
  readonly untilSubscribed: () => Promise<void>
}

function clientOf({ socket, user, options, untilSubscribed }: ClientParts): TestClient {
  const transport = createSocketTransport(socket)
  const errors: OnlineMessageError[] = []
  const client = withKeptHandles(
    createOnlineMessageClient({ transport, ...options.client, onError: (error) => errors.push(error) }),
  )
  const settled = () => roundTrip(socket)
  const leaves: (() => void)[] = []
  leaves.push(client.connection.subscribe(() => {}))
  const close = () => {
    for (const leave of leaves.splice(0)) leave()
    socket.disconnect()
    open.delete(close)
  }
  open.add(close)
  return {
    user,
    socket,
    transport,
    client,
    errors,
    settled,
    close,
    async hear(conversation, command = 'note') {
      const heard: OnlineMessage[] = []
      leaves.push(client.subscribe(conversation, command, (message) => heard.push(message)))
      await settled()
      await untilSubscribed()
      return heard
    },
    async watch(conversation) {
      const states: TypingState[] = []
      leaves.push(client.typists(conversation).subscribe((state) => states.push(state)))
      await settled()
      await untilSubscribed()
      return states
    },
  }
}

/** Starts a server. `closeAll` closes everything that it opens. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { plugin, namespace = '/', attach = true } = options
  const http: HttpServer = createServer()
  const io = new Server(http, { serveClient: false, ...options.io })
  io.of(namespace).on('connection', (socket) => {
    socket.on(PING, (answer: unknown) => {
      if (typeof answer === 'function') (answer as () => void)()
    })
  })
  const online = attach
    ? attachOnlineMessages(io.of(namespace), {
        identify: (socket) => (socket.handshake.auth as { user?: string }).user ?? null,
        authorize: 'anyone',
        ...plugin,
      })
    : (undefined as unknown as OnlineMessageServer)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`

  const close = async () => {
    open.delete(close)
    await io.close()
  }
  open.add(close)

  const hasPending = () => attach && (online.stats().bus?.pending ?? 0) > 0
  const untilSubscribed = async () => {
    if (hasPending()) await until(() => !hasPending(), 'the subscriptions on the bus have taken effect')
  }
  return { io, online, url, port, ...clientsOf(url, namespace, untilSubscribed), close }
}

/** Clients of any server, in whatever process it is. */
export function clientsOf(
  url: string,
  namespace = '/',
  untilSubscribed = async (): Promise<void> => {},
): Pick<TestServer, 'begin' | 'connect' | 'raw'> {
  const socketFor = (user: string, { carrier = 'websocket', socket, auth }: ConnectOptions): Socket =>
    connectSocket(url + namespace, {
      forceNew: true,
      transports: [carrier],
      // Socket.IO lives in real time, where a test has put fake timers in place of ours.
      useNativeTimers: true,
      reconnectionDelay: 20,
      reconnectionDelayMax: 50,
      randomizationFactor: 0,
      auth: { user, ...auth },
      ...socket,
    })
  const begin: TestServer['begin'] = (user, options = {}) =>
    clientOf({ socket: socketFor(user, options), user, options, untilSubscribed })
  return {
    begin,
    async connect(user, options) {
      const client = begin(user, options)
      await until(() => client.client.connection.getState() === 'online', `${user} is online`)
      return client
    },
    async raw(user, options = {}) {
      const socket = socketFor(user, options)
      open.add(() => socket.disconnect())
      await until(() => socket.connected, `${user} is connected`)
      return socket
    },
  }
}

/** Several namespaces over one connection. */
export function shareManager(url: string, options: Partial<ManagerOptions> = {}): Manager {
  const manager = new Manager(url, { transports: ['websocket'], ...options })
  open.add(() => manager._close())
  return manager
}
