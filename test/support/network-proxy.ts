import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A network between a client and its server that can fail. */
export interface NetworkProxy {
  readonly url: string
  /** From now on nothing arrives, and neither side is notified: no end, no reset, no new connection. */
  cut(): void
  /** The network works again. What was lost stays lost, and its connections are reset. */
  restore(): void
  /** From now on the network holds everything back. */
  stall(): void
  /** Lets everything through that was held back, and goes on. */
  resume(): void
  /** From now on everything takes this long in this direction, in milliseconds. It stays in order. */
  delay(direction: Direction, milliseconds: number): void
  close(): Promise<void>
}

/** `up` is from the client to the server. */
export type Direction = 'up' | 'down'

export interface NetworkProxyOptions {
  /** Delays everything on a websocket, each way, by this many milliseconds. */
  readonly upgradeDelay?: number
  /**
   * Delays each chunk by this many milliseconds more: what a chunk says can begin a fault. On one connection nothing
   * overtakes what was sent before it.
   */
  readonly delayOf?: (chunk: Buffer, direction: Direction) => number
}

interface Pipe {
  readonly from: Socket
  readonly to: Socket
  readonly direction: Direction
  isLost(): boolean
  /** What both directions of a connection share. */
  readonly shared: { delay: number }
}

export async function startNetworkProxy(
  port: number,
  { upgradeDelay = 0, delayOf = () => 0 }: NetworkProxyOptions = {},
): Promise<NetworkProxy> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let isCut = false
  let isStalled = false
  const delays = { up: 0, down: 0 }

  const pipe = ({ from, to, direction, isLost, shared }: Pipe) => {
    const onTheWay: (() => void)[] = []
    let lastArrival = 0
    /** Arrives after the delay, and after everything that is on the way already. */
    const arriveLater = (delay: number, arrive: () => void) => {
      onTheWay.push(arrive)
      const now = performance.now()
      lastArrival = Math.max(lastArrival, now + delay)
      setTimeout(() => onTheWay.shift()?.(), lastArrival - now)
    }

    from.on('data', (chunk: Buffer) => {
      if (upgradeDelay && chunk.includes('transport=websocket')) shared.delay = upgradeDelay
      if (isLost()) return
      const delay = shared.delay + delays[direction] + delayOf(chunk, direction)
      if (delay || onTheWay.length) {
        arriveLater(delay, () => to.write(chunk))
        return
      }
      if (to.write(chunk)) return
      from.pause()
      to.once('drain', () => {
        if (!isStalled) from.resume()
      })
    })
    from.on('end', () => {
      if (!isLost()) arriveLater(shared.delay, () => to.end())
    })
    from.on('close', () => {
      if (!isLost()) arriveLater(shared.delay, () => to.destroy())
    })
    from.on('error', () => {})
  }

  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1')
    const pair = [client, upstream] as const
    pairs.add(pair)
    // A pair that a cut has touched never works again.
    let wasCut = isCut
    const isLost = () => (wasCut ||= isCut)
    const shared = { delay: 0 }
    pipe({ from: client, to: upstream, direction: 'up', isLost, shared })
    pipe({ from: upstream, to: client, direction: 'down', isLost, shared })
    if (isStalled) for (const socket of pair) socket.pause()
    client.on('close', () => {
      if (!isLost()) pairs.delete(pair)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      isCut = true
    },
    restore() {
      isCut = false
      for (const pair of pairs) {
        pairs.delete(pair)
        for (const socket of pair) socket.destroy()
      }
    },
    stall() {
      isStalled = true
      for (const pair of pairs) for (const socket of pair) socket.pause()
    },
    resume() {
      isStalled = false
      for (const pair of pairs) for (const socket of pair) socket.resume()
    },
    delay(direction, milliseconds) {
      delays[direction] = milliseconds
    },
    close() {
      for (const pair of pairs) for (const socket of pair) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
