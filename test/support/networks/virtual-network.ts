import { isFailure } from '../../../src/core/message/failure.ts'
import type { SendResult } from '../../../src/core/message/send-result.ts'
import { createGreeting, type Greeting } from '../../../src/transports/socket-io/greeting.ts'

/** Real time in a simulation, in milliseconds. Nothing waits: it jumps from one event to the next. */
export interface VirtualTime {
  now(): number
  /** Calls back after this time. */
  after(delay: number, call: () => void): void
  /** Lets this time pass. */
  pass(duration: number): void
}

export function createVirtualTime(): VirtualTime {
  let time = 0
  let lastOrder = 0
  const events: { readonly at: number; readonly order: number; call(): void }[] = []

  return {
    now: () => time,
    after(delay, call) {
      lastOrder++
      const event = { at: time + delay, order: lastOrder, call }
      let index = events.length
      while (index > 0 && events[index - 1]!.at > event.at) index--
      events.splice(index, 0, event)
    },
    pass(duration) {
      const end = time + duration
      while (events[0] && events[0].at <= end) {
        const event = events.shift()!
        time = event.at
        event.call()
      }
      time = end
    },
  }
}

/** A server's clock: it drifts against the steady clocks of its clients, and steps when they connect to another node. */
export interface VirtualServer {
  readonly maxAge: number
  /** Its clock, in milliseconds. */
  now(): number
  /** How fast its clock goes on from here: 500 gains 0.5 ms a second on the clients' clocks. */
  setDrift(ppm: number): void
  /** Only between two connections: each node has a clock of its own. */
  step(milliseconds: number): void
}

export function createVirtualServer(time: VirtualTime, maxAge: number): VirtualServer {
  let base = 1_767_225_600_000
  let baseAt = 0
  let rate = 1
  const now = () => base + (time.now() - baseAt) * rate
  const rebase = (newBase: number) => {
    base = newBase
    baseAt = time.now()
  }
  return {
    maxAge,
    now,
    setDrift(ppm) {
      rebase(now())
      rate = 1 + ppm / 1e6
    },
    step(milliseconds) {
      rebase(now() + milliseconds)
    },
  }
}

/** A client machine, greeting and clock, on a virtual network to a virtual server. */
export interface VirtualClient {
  readonly greeting: Greeting
  /** The steady clock of the device. */
  steadyNow(): number
  /** How long packets take from now on, in milliseconds. Each direction keeps the order of its packets. */
  setDelay(direction: 'up' | 'down', delay: number): void
  /** The next packet in this direction is lost. */
  loseNext(direction: 'up' | 'down'): void
  /** Somebody sets the wall clock. */
  stepWallClock(milliseconds: number): void
  /** The steady clock stands still for this time. Whatever is due meanwhile happens after it. */
  sleep(milliseconds: number): void
  isAwake(): boolean
  disconnect(): void
  connect(): void
  /** Carries a packet, and calls back at the other end, unless it is lost or the connection ends before. */
  carry(direction: 'up' | 'down', arrive: () => void): void
  /** How many hellos it has said. */
  hellos(): number
}

export function createVirtualClient(time: VirtualTime, server: VirtualServer): VirtualClient {
  /** Steady clocks begin anywhere. */
  let steadyOffset = 123_456.7
  let wallOffset = -5_000_000
  let awakeAt = 0
  /** Changes with each connection; 0 while there is none. */
  let connection = 0
  let latestConnection = 0
  let hellos = 0
  const lanes = {
    up: { delay: 0, lastArrival: 0, losesNext: false },
    down: { delay: 0, lastArrival: 0, losesNext: false },
  }

  const carry: VirtualClient['carry'] = (direction, arrive) => {
    const lane = lanes[direction]
    const own = connection
    if (lane.losesNext) {
      lane.losesNext = false
      return
    }
    lane.lastArrival = Math.max(lane.lastArrival, time.now() + lane.delay)
    const receive = () => {
      if (connection !== own) return
      // A sleeping device takes nothing out of its network card.
      if (direction === 'down' && time.now() < awakeAt) time.after(awakeAt - time.now(), receive)
      else arrive()
    }
    time.after(lane.lastArrival - time.now(), receive)
  }

  const steadyNow = () => time.now() + steadyOffset
  const greeting = createGreeting({
    clocks: { steadyNow, wallNow: () => time.now() + wallOffset },
    isConnected: () => connection !== 0,
    writeHello(onAnswer) {
      hellos++
      carry('up', () => {
        // Rounded, as the server rounds it.
        const welcome = { ok: true, version: 1, time: Math.round(server.now()), maxAge: server.maxAge, maxBytes: 4096 }
        carry('down', () => onAnswer(welcome as SendResult))
      })
    },
    onWelcome() {},
    onRefused() {},
    onChange() {},
  })

  const tick = () => {
    if (time.now() >= awakeAt) greeting.check()
    time.after(1000, tick)
  }
  time.after(0, tick)

  return {
    greeting,
    steadyNow,
    carry,
    hellos: () => hellos,
    setDelay(direction, delay) {
      lanes[direction].delay = delay
    },
    loseNext(direction) {
      lanes[direction].losesNext = true
    },
    stepWallClock(milliseconds) {
      wallOffset += milliseconds
    },
    sleep(milliseconds) {
      awakeAt = time.now() + milliseconds
      // Nobody reads it before the device is awake again.
      steadyOffset -= milliseconds
    },
    isAwake: () => time.now() >= awakeAt,
    disconnect() {
      connection = 0
      greeting.reset()
    },
    connect() {
      latestConnection++
      connection = latestConnection
      for (const lane of Object.values(lanes)) lane.lastArrival = time.now()
      greeting.check()
    },
  }
}

/** What became of one message. */
export interface Fate {
  /** How old the message was when it was delivered or dropped, by the server's clock, in milliseconds. */
  readonly age: number
  readonly isDelivered: boolean
  /** Twice the sender's error bound and, where the reader judged, twice the reader's. */
  readonly allowance: number
}

interface VirtualSend {
  readonly server: VirtualServer
  readonly from: VirtualClient
  readonly to: VirtualClient
  readonly onFate: (fate: Fate) => void
}

/** Sends one message from one client to another, as the transport and the server do it. */
export function sendVirtually({ server, from, to, onFate }: VirtualSend): void {
  const sentAt = from.steadyNow()
  const sentAtServer = server.now()
  const age = () => server.now() - sentAtServer

  from.greeting.withServer((known) => {
    // Not sent: the sender knows that.
    if (isFailure(known)) return
    const stamp = known.clock.stamp(sentAt)
    const senderAllowance = 2 * known.clock.errorBound()

    from.carry('up', () => {
      if (server.now() - stamp > server.maxAge) {
        onFate({ age: age(), isDelivered: false, allowance: senderAllowance })
        from.carry('down', () => from.greeting.doubtClock())
        return
      }
      const forwarded = Math.min(stamp, Math.round(server.now()))
      to.carry('down', () => {
        to.greeting.withServer((reader) => {
          // Not judged: the reader is not online, and takes nothing.
          if (isFailure(reader)) return
          const isDelivered = reader.clock.oldestAge(forwarded) <= reader.maxAge
          const allowance = senderAllowance + 2 * reader.clock.errorBound()
          onFate({ age: age(), isDelivered, allowance })
        })
      })
    })
  })
}

/** The server sends a typing update to a client. One that has expired makes the client ask again (K2). */
export function updateTypists(server: VirtualServer, to: VirtualClient): void {
  const stamp = Math.round(server.now())
  to.carry('down', () => {
    to.greeting.withServer((known) => {
      if (isFailure(known)) return
      if (known.clock.oldestAge(stamp) > known.maxAge) to.greeting.doubtSubscriptions()
    })
  })
}
