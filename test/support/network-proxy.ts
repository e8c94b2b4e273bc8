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
  close(): Promise<void>
}

/** @param upgradeDelay delays everything on a websocket, each way, by so many milliseconds. */
export async function startNetworkProxy(port: number, upgradeDelay = 0): Promise<NetworkProxy> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let isCut = false
  let isStalled = false

  const pipe = (from: Socket, to: Socket, isLost: () => boolean, shared: { delay: number }) => {
    from.on('data', (chunk) => {
      if (upgradeDelay && chunk.includes('transport=websocket')) shared.delay = upgradeDelay
      if (isLost()) return
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
    pipe(client, upstream, isLost, shared)
    pipe(upstream, client, isLost, shared)
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
    close() {
      for (const pair of pairs) for (const socket of pair) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
