import { createServer, type Server } from 'node:net'
import { once } from 'node:events'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { startDevServer } from './dev-server.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanups.splice(0)) await cleanUp()
})

async function occupy(port: number, host: string): Promise<Server> {
  const server = createServer().listen(port, host)
  await once(server, 'listening')
  cleanups.push(() => new Promise((resolve) => server.close(resolve)))
  return server
}

test('PORT chooses the port, and page and Socket.IO both answer on it', async () => {
  const port = await freePort()
  const began = performance.now()
  const { url, stop } = await startDevServer(port)
  cleanups.push(stop)
  expect(url).toBe(`http://localhost:${port}/`)
  const page = await fetch(url)
  expect(await page.text()).toContain('<div id="root">')
  const socketIo = await fetch(`${url}socket.io/?EIO=4&transport=polling`)
  expect(await socketIo.text()).toMatch(/^0\{"sid":/)
  expect(performance.now() - began).toBeLessThan(10_000)
})

test.each(['127.0.0.1', '0.0.0.0'])('when the port is busy on %s, it takes the next free one', async (host) => {
  const port = await freePort()
  await occupy(port, host)
  const server = await startDevServer(port)
  cleanups.push(server.stop)
  expect(new URL(server.url).port).not.toBe(String(port))
  expect(server.output).toContain(`Port ${port} is busy: this is port ${new URL(server.url).port}.`)
  expect((await fetch(server.url)).status).toBe(200)
})

test('an invalid PORT is reported, with what to give', () => {
  const script = fileURLToPath(new URL('../../scripts/start.mjs', import.meta.url))
  const { status, stderr } = spawnSync(process.execPath, [script], {
    env: { ...process.env, PORT: 'eighty' },
    encoding: 'utf8',
  })
  expect(status).toBe(1)
  expect(stderr).toContain('PORT is eighty, which is no port. Give a number from 1 to 65535.')
})
