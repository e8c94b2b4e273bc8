/**
 * Many members of a room in one process: WebSockets that speak the wire of PROTOCOL.md by hand, so that they cost little
 * beside the server that is measured.
 */
import { WebSocket } from 'ws'
import { start, type Worker, play, sleep } from './workers.ts'

const HALL = { group: 'hall' }

/** Sockets that are connecting at a time. */
const AT_ONCE = 50

/** One in so many sockets has its latencies recorded. */
const SAMPLED = 10

export interface Connecting {
  readonly url: string
  readonly count: number
  /**
   * What they do once they are connected: speak nothing at all (`ws`), be a Socket.IO client (`io`) that says two things
   * to nobody (`spoke`), or says hello and listens to the hall (`hall`), or to another user each (`pair`).
   */
  readonly as: 'ws' | 'io' | 'spoke' | 'hall' | 'pair'
}

export interface Typing {
  /** How many of those who are connected type. */
  readonly count: number
  /** By leases, or an event for every key. */
  readonly by: 'lease' | 'key'
}

/** Since it was asked last. */
export interface Heard {
  /** Events that arrived at each member. */
  readonly events: readonly number[]
  readonly bytes: number
  /** From the moment in the event's `t=…` to its arrival, in milliseconds. */
  readonly latencies: readonly number[]
}

/** Microseconds on a clock that all processes of a machine share, in twelve digits. */
export const stamp = (): string =>
  String(process.hrtime.bigint() / 1000n)
    .padStart(12, '0')
    .slice(-12)

/** Several processes of members. */
export interface Crowd {
  connect(connecting: Connecting): Promise<void>
  type(typing: Typing): Promise<void>
  rest(): Promise<void>
  heard(): Promise<Heard>
  kill(): void
}

export function startCrowd(processes = 2): Crowd {
  const workers: Worker[] = Array.from({ length: processes }, (_, index) => start('members', String(index)))
  const ask = <T>(question: string, given?: { readonly count: number }): Promise<T[]> =>
    Promise.all(
      workers.map((worker, index) =>
        worker.ask<T>(
          question,
          given && { ...given, count: Math.floor(given.count / processes) + (index < given.count % processes ? 1 : 0) },
        ),
      ),
    )
  return {
    async connect(connecting) {
      await ask('connect', connecting)
    },
    async type(typing) {
      await ask('type', typing)
    },
    async rest() {
      await ask('rest')
    },
    async heard() {
      const all = await ask<Heard>('heard')
      return {
        events: all.flatMap(({ events }) => events),
        bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
        latencies: all.flatMap(({ latencies }) => latencies),
      }
    },
    kill: () => workers.forEach((worker) => worker.kill()),
  }
}

/** Plays the part that `startCrowd` starts. */
export function playMembers(processIndex: string): void {
  const sockets: WebSocket[] = []
  let events: number[] = []
  let bytes = 0
  let latencies: number[] = []
  const timers = new Set<NodeJS.Timeout>()
  const stops = new Set<() => void>()

  const connect = ({ url, as }: Connecting) =>
    new Promise<void>((resolve, reject) => {
      const index = sockets.length
      const socket = new WebSocket(as === 'ws' ? url : `${url}/socket.io/?EIO=4&transport=websocket`, {
        perMessageDeflate: false,
        skipUTF8Validation: true,
      })
      sockets.push(socket)
      events.push(0)
      socket.on('error', reject)
      if (as === 'ws') socket.on('open', () => resolve())
      const count = (data: Buffer) => {
        events[index]!++
        bytes += data.length
        if (index % SAMPLED) return
        const at = data.indexOf('t=')
        if (at < 0) return
        const sent = Number(data.toString('latin1', at + 2, at + 14))
        latencies.push((Number(stamp()) - sent) / 1000)
      }
      socket.on('message', (data: Buffer) => {
        const kind = data.toString('latin1', 0, 2)
        if (kind === '42' || as === 'ws') count(data)
        else if (kind === '2') socket.send('3')
        else if (kind.startsWith('0')) socket.send(`40${JSON.stringify({ user: `u${processIndex}-${index}` })}`)
        else if (kind === '40') {
          if (as === 'spoke') for (let said = 0; said < 2; said++) socket.send('42["nothing"]')
          if (as === 'io' || as === 'spoke') resolve()
          else socket.send('420["om:hello",1]')
        } else if (kind === '43') {
          const conversation = as === 'pair' ? { user: `peer${processIndex}-${index}` } : HALL
          socket.send(`42${JSON.stringify(['om:subscribe', [conversation]])}`)
          resolve()
        }
      })
    })

  /** A small generator of its own, so that every run has the same sessions. */
  let seed = 12_345 + Number(processIndex)
  const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648

  const later = (ms: number, then: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      then()
    }, ms)
    timers.add(timer)
  }

  /** Sessions of 2 to 6 seconds at 5 keys a second, with pauses as long: about half of the typists type at any time. */
  function typist(socket: WebSocket, by: Typing['by'], keys: number): void {
    const lease = (ttl: number) => socket.send(`42${JSON.stringify(['om:lease', Date.now(), ttl, 'typing', HALL])}`)
    const stop = () => {
      if (by === 'lease') lease(0)
      stops.delete(stop)
    }
    if (!keys) {
      stop()
      later(2000 + 4000 * random(), () => typist(socket, by, 10 + Math.floor(20 * random())))
    } else if (by === 'key') {
      socket.send('42["typing"]')
      later(200, () => typist(socket, by, keys - 1))
    } else {
      // Renewed after 5 s, and no key sends anything.
      lease(7000)
      stops.add(stop)
      const next = Math.min(keys, 25)
      later(200 * next, () => typist(socket, by, keys - next))
    }
  }

  play({
    async connect(connecting: Connecting) {
      let left = connecting.count
      const one = async () => {
        while (left-- > 0) await connect(connecting)
      }
      await Promise.all(Array.from({ length: AT_ONCE }, one))
    },
    type({ count, by }: Typing) {
      for (const socket of sockets.slice(0, count)) {
        later(3000 * random(), () => typist(socket, by, 10 + Math.floor(20 * random())))
      }
    },
    async rest() {
      timers.forEach(clearTimeout)
      timers.clear()
      ;[...stops].forEach((stop) => stop())
      await sleep(50)
    },
    heard() {
      const heard: Heard = { events, bytes, latencies }
      events = sockets.map(() => 0)
      bytes = 0
      latencies = []
      return heard
    },
  })
}
