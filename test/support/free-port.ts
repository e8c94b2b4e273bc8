import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Below the ports that systems give to outgoing connections, on Linux from 32,768 on: one of those may be taken between the
 * moment at which it is found free and that at which a program listens. A node of Redis Cluster needs the port 10,000 above
 * its own, too. Browsers refuse 10,080.
 */
const FIRST_PORT = 11_000
const LAST_PORT = 20_999

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}

async function areFree(ports: readonly number[]): Promise<boolean> {
  for (const port of ports) {
    if (!(await isFree(port))) return false
  }
  return true
}

/**
 * Finds a port of 127.0.0.1 on which nobody listens. It is a random one, since other tests look for theirs at the same time.
 *
 * @param offsets which of the ports above it have to be free as well.
 */
export async function freePort(...offsets: readonly number[]): Promise<number> {
  const port = randomInt(FIRST_PORT, LAST_PORT + 1)
  const isFound = await areFree([0, ...offsets].map((offset) => port + offset))
  return isFound ? port : freePort(...offsets)
}
