/**
 * Many members of a room in one process. They are plain WebSockets that write the packets of PROTOCOL.md by hand, so that
 * they cost little beside the server that is measured.
 */
import { WebSocket } from 'ws'
import { answerRequests, type BenchProcess, sleep, startProcess } from './processes.ts'

/** The group of all members. */
const HALL = { group: 'hall' }

/** Most sockets that are connecting at the same time. */
const MAX_CONNECTING = 50

/** The latencies of every tenth socket are recorded. */
const SAMPLE_INTERVAL = 10

/**
 * What a member does. `websocket`: connect a plain WebSocket. `idle`: connect a client of Socket.IO. `two-packets`: then send
 * two packets that nobody handles. `group`: instead send the hello, and subscribe to the hall. `user`: the same, and subscribe
 * to a user of its own.
 */
export type MemberKind = 'websocket' | 'idle' | 'two-packets' | 'group' | 'user'

export interface Connecting {
  readonly url: string
  readonly count: number
  readonly kind: MemberKind
}

export interface Typing {
  /** How many of the connected members type. */
  readonly count: number
  /** What they send: a lease now and then, or an event for every key. */
  readonly sends: 'lease' | 'key'
}

/** What the members have received since the last request. */
export interface Received {
  /** Events that arrived at each member. */
  readonly events: readonly number[]
  readonly bytes: number
  /** From the moment in the event's `t=…` to its arrival, in milliseconds. */
  readonly latencies: readonly number[]
}

/** Microseconds of a clock that all processes of a machine share, in twelve digits. */
export const stamp = (): string =>
  String(process.hrtime.bigint() / 1000n)
    .padStart(12, '0')
    .slice(-12)

/** Several processes of members. */
export interface Crowd {
  connect(connecting: Connecting): Promise<void>
  startTyping(typing: Typing): Promise<void>
  stopTyping(): Promise<void>
  takeReceived(): Promise<Received>
  /** Closes all their connections. */
  disconnect(): Promise<void>
  kill(): void
}

export function startCrowd(processes = 2): Crowd {
  const children: BenchProcess[] = Array.from({ length: processes }, (_, index) =>
    startProcess('members', String(index)),
  )
  const requestAll = <T>(name: string): Promise<T[]> => Promise.all(children.map((child) => child.request<T>(name)))
  /** Each process gets its share of the count. */
  const share = (name: string, argument: { readonly count: number }): Promise<unknown> =>
    Promise.all(
      children.map((child, index) => {
        const remainder = index < argument.count % processes ? 1 : 0
        const count = Math.floor(argument.count / processes) + remainder
        return child.request(name, { ...argument, count })
      }),
    )
  return {
    async connect(connecting) {
      await share('connect', connecting)
    },
    async startTyping(typing) {
      await share('startTyping', typing)
    },
    async stopTyping() {
      await requestAll('stopTyping')
    },
    async takeReceived() {
      const all = await requestAll<Received>('takeReceived')
      return {
        events: all.flatMap(({ events }) => events),
        bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
        latencies: all.flatMap(({ latencies }) => latencies),
      }
    },
    async disconnect() {
      await requestAll('disconnect')
    },
    kill: () => children.forEach((child) => child.kill()),
  }
}

/** Runs in the processes that `startCrowd` starts. */
export function runMembers(processIndex: string): void {
  const sockets: WebSocket[] = []
  let lastNumber = 0
  let events: number[] = []
  let bytes = 0
  let latencies: number[] = []
  const timers = new Set<NodeJS.Timeout>()
  const stops = new Set<() => void>()

  const connect = ({ url, kind }: Connecting) =>
    new Promise<void>((resolve, reject) => {
      const index = sockets.length
      const number = ++lastNumber
      const socket = new WebSocket(kind === 'websocket' ? url : `${url}/socket.io/?EIO=4&transport=websocket`, {
        perMessageDeflate: false,
        skipUTF8Validation: true,
      })
      sockets.push(socket)
      events.push(0)
      socket.on('error', reject)
      if (kind === 'websocket') socket.on('open', () => resolve())
      const count = (data: Buffer) => {
        events[index]!++
        bytes += data.length
        if (index % SAMPLE_INTERVAL) return
        const at = data.indexOf('t=')
        if (at < 0) return
        const sent = Number(data.toString('latin1', at + 2, at + 14))
        latencies.push((Number(stamp()) - sent) / 1000)
      }
      socket.on('message', (data: Buffer) => {
        const packet = data.toString('latin1', 0, 2)
        if (packet === '42' || kind === 'websocket') count(data)
        else if (packet === '2') socket.send('3')
        else if (packet.startsWith('0')) socket.send(`40${JSON.stringify({ user: `u${processIndex}-${number}` })}`)
        else if (packet === '40') {
          if (kind === 'two-packets') for (let sent = 0; sent < 2; sent++) socket.send('42["nothing"]')
          if (kind === 'idle' || kind === 'two-packets') resolve()
          else socket.send('420["om:hello",1]')
        } else if (packet === '43') {
          const conversation = kind === 'user' ? { user: `peer${processIndex}-${number}` } : HALL
          socket.send(`42${JSON.stringify(['om:subscribe', [conversation]])}`)
          resolve()
        }
      })
    })

  /** A generator with a fixed seed, so that every run has the same typing sessions. */
  let seed = 12_345 + Number(processIndex)
  const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648

  const after = (milliseconds: number, then: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      then()
    }, milliseconds)
    timers.add(timer)
  }

  /** Types in sessions of 2 to 6 s at 5 keys a second, with pauses as long: about half of the typists type at any time. */
  function typist(socket: WebSocket, sends: Typing['sends'], keys: number): void {
    const lease = (ttl: number) => socket.send(`42${JSON.stringify(['om:lease', Date.now(), ttl, 'typing', HALL])}`)
    const stop = () => {
      if (sends === 'lease') lease(0)
      stops.delete(stop)
    }
    if (!keys) {
      stop()
      after(2000 + 4000 * random(), () => typist(socket, sends, 10 + Math.floor(20 * random())))
    } else if (sends === 'key') {
      socket.send('42["typing"]')
      after(200, () => typist(socket, sends, keys - 1))
    } else {
      // Renewed after 5 s, and no key sends anything.
      lease(7000)
      stops.add(stop)
      const next = Math.min(keys, 25)
      after(200 * next, () => typist(socket, sends, keys - next))
    }
  }

  answerRequests({
    async connect(connecting: Connecting) {
      let left = connecting.count
      const connectNext = async () => {
        while (left-- > 0) await connect(connecting)
      }
      await Promise.all(Array.from({ length: MAX_CONNECTING }, connectNext))
    },
    startTyping({ count, sends }: Typing) {
      for (const socket of sockets.slice(0, count)) {
        after(3000 * random(), () => typist(socket, sends, 10 + Math.floor(20 * random())))
      }
    },
    async stopTyping() {
      timers.forEach(clearTimeout)
      timers.clear()
      ;[...stops].forEach((stop) => stop())
      await sleep(50)
    },
    async disconnect() {
      const open = sockets.splice(0)
      await Promise.all(
        open.map(
          (socket) =>
            new Promise<void>((resolve) => {
              socket.on('close', () => resolve())
              socket.close()
            }),
        ),
      )
    },
    takeReceived() {
      const received: Received = { events, bytes, latencies }
      events = sockets.map(() => 0)
      bytes = 0
      latencies = []
      return received
    },
  })
}
