import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A network between a client and its server that can fail. */
export interface Proxy {
  readonly url: string
  /** From now on nothing arrives any more, and nobody is told: no end, no reset, no new connection. */
  cut(): void
  /** The network is there again. What was lost is lost, and its connections are reset. */
  heal(): void
  /** From now on everything waits where it is. */
  stall(): void
  /** It goes on. */
  flow(): void
  close(): Promise<void>
}

/** @param upgradeDelay of everything on a websocket, one way, in milliseconds. */
export async function startProxy(port: number, upgradeDelay = 0): Promise<Proxy> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let isCut = false
  let isStalled = false

  const join = (from: Socket, to: Socket, isLost: () => boolean, slow: { delay: number }) => {
    from.on('data', (chunk) => {
      if (upgradeDelay && chunk.includes('transport=websocket')) slow.delay = upgradeDelay
      const { delay } = slow
      if (isLost()) return
      if (delay) {
        setTimeout(() => to.write(chunk), delay)
        return
      }
      if (to.write(chunk)) return
      from.pause()
      to.once('drain', () => {
        if (!isStalled) from.resume()
      })
    })
    from.on('end', () => {
      if (!isLost()) setTimeout(() => to.end(), slow.delay)
    })
    from.on('close', () => {
      if (!isLost()) setTimeout(() => to.destroy(), slow.delay)
    })
    from.on('error', () => {})
  }

  const server = createServer((client) => {
    let isLost = isCut
    const upstream = connect(port, '127.0.0.1')
    const pair = [client, upstream] as const
    pairs.add(pair)
    const check = () => (isLost ||= isCut)
    const slow = { delay: 0 }
    join(client, upstream, check, slow)
    join(upstream, client, check, slow)
    if (isStalled) for (const socket of pair) socket.pause()
    client.on('close', () => {
      if (!check()) pairs.delete(pair)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      isCut = true
    },
    heal() {
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
    flow() {
      isStalled = false
      for (const pair of pairs) for (const socket of pair) socket.resume()
    },
    close() {
      for (const pair of pairs) for (const socket of pair) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
