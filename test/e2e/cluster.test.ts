/** examples/cluster with the packed package: two nodes on a real engine, and a page of each in a real browser. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browserLaunchOptions } from '../../scripts/browser.mjs'
import { startProcess } from '../support/start-process.ts'
import { freePort } from '../support/free-port.ts'
import { installLibrary } from './start-example.ts'

const program = fileURLToPath(new URL('../../examples/cluster/start.mjs', import.meta.url))

/** The name stands between two characters that keep its direction apart from that of the sentence. */
const ANN_IS_TYPING = '\u2068Ann\u2069 is typing…'

let browser: Browser
beforeAll(async () => {
  installLibrary('cluster')
  browser = await chromium.launch(await browserLaunchOptions())
})
afterAll(() => browser.close())

/** Starts an engine and two nodes. The second node has the next port. */
const startNodes = (engine: string, port: number) =>
  startProcess(process.execPath, [program, engine], {
    env: { PORT: String(port) },
    ready: /node on [^]*node on /,
    signal: 'SIGTERM',
  })

async function open(user: string, port: number): Promise<Page> {
  const page = await browser.newPage()
  await page.goto(`http://localhost:${port}/?user=${user}`)
  await page.getByRole('heading', { name: `${user}, on node ${port}` }).waitFor()
  return page
}

/** A port for the first node. The second node and the engine have ports above it. */
const freePorts = () => freePort(1, 100)

test.each(['redis', 'nats'])('two people on two nodes see each other typing, over %s', async (engine) => {
  const port = await freePorts()
  const nodes = await startNodes(engine, port)
  try {
    const [ann, bob] = await Promise.all([open('Ann', port), open('Bob', port + 1)])
    await ann.getByLabel('Message').pressSequentially('Hi')
    await bob.getByText(ANN_IS_TYPING).waitFor()
    expect(await ann.getByRole('status').textContent()).toBe('')

    await ann.getByLabel('Message').press('Enter')
    await bob.getByText(`Ann (node ${port}): Hi`).waitFor()
    // R6: typing ends before its message, or with it.
    expect(await bob.getByRole('status').textContent()).toBe('')
    await Promise.all([ann.close(), bob.close()])
  } finally {
    await nodes.end()
  }
})

test('when a node cannot start, everything ends, and its error is shown', async () => {
  const port = await freePorts()
  const other = createServer().listen(port + 1, '127.0.0.1')
  await once(other, 'listening')
  await expect(startNodes('redis', port)).rejects.toThrow(/^\S+ ended\.[^]*EADDRINUSE/)
  other.close()
})
