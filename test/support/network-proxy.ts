import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { sharedNow, sleep } from './until.ts'

/** Up is from the client to the server. */
type Direction = 'up' | 'down'

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

interface Pipe {
  readonly from: Socket
  readonly to: Socket
  isLost(): boolean
  readonly shared: { delay: number }
}

/** @param upgradeDelay delays everything on a websocket, each way, by so many milliseconds. */
export async function startNetworkProxy(port: number, upgradeDelay = 0): Promise<NetworkProxy> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let isCut = false
  let isStalled = false
  const delays = { up: 0, down: 0 }

  const pipe = (direction: Direction, { from, to, isLost, shared }: Pipe) => {
    /** What is on its way. */
    let queued = 0
    let latest = Promise.resolve()
    const writeLater = (chunk: Uint8Array) => {
      const arrivesAt = sharedNow() + delays[direction]
      queued++
      latest = latest
        .then(() => sleep(arrivesAt - sharedNow()))
        .then(() => {
          queued--
          to.write(chunk)
        })
    }

    from.on('data', (chunk: Uint8Array & { includes(text: string): boolean }) => {
      if (upgradeDelay && chunk.includes('transport=websocket')) shared.delay = upgradeDelay
      if (isLost()) return
      if (delays[direction] > 0 || queued > 0) {
        writeLater(chunk)
        return
      }
      if (shared.delay) {
        setTimeout(() => to.write(chunk), shared.delay)
        return
      }
      if (to.write(chunk)) return
      from.pause()
      to.once('drain', () => {
        if (!isStalled) from.resume()
      })
    })
    from.on('end', () => {
      if (!isLost()) setTimeout(() => to.end(), shared.delay)
    })
    from.on('close', () => {
      if (!isLost()) setTimeout(() => to.destroy(), shared.delay)
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
    pipe('up', { from: client, to: upstream, isLost, shared })
    pipe('down', { from: upstream, to: client, isLost, shared })
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
