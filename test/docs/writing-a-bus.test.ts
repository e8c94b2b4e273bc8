/** The bus of docs/writing-a-bus.md keeps every rule of buses, on a real MQTT broker that is killed and started again. */
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Bus, busContract, type BusNetwork } from '../../src/testing/index.ts'
import { type ServerProcess, startServerProcess } from '../support/cluster/server-process.ts'
import { freePort } from '../support/free-port.ts'
import { closeAll, names, startServer, until } from '../support/server/harness.ts'
import { readPage } from './pages.ts'

interface MqttClient {
  readonly connected: boolean
  on(event: 'error', listener: () => void): unknown
  end(force: boolean): void
}

const example = new URL('../../examples/mqtt-bus/', import.meta.url)
const load = async <Exports>(file: string): Promise<Exports> => (await import(new URL(file, example).href)) as Exports

const { createMqttBus } = await load<{ createMqttBus(client: MqttClient): Bus }>('mqtt-bus.mjs')
const { connectToBroker } = await load<{ connectToBroker(url: string): MqttClient }>('connect.mjs')

let broker: ServerProcess
let port: number
let stop: () => Promise<void>

const accepts = () =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => resolve(false))
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })

beforeAll(async () => {
  port = await freePort()
  broker = await startServerProcess({
    what: 'the MQTT broker',
    command: process.execPath,
    options: [fileURLToPath(new URL('broker.mjs', example)), String(port)],
    isReady: accepts,
  })
  stop = broker.keepRunning()
})
afterAll(() => stop())
afterEach(closeAll)

async function openBus(clients: MqttClient[]): Promise<Bus> {
  const client = connectToBroker(`mqtt://127.0.0.1:${port}`)
  // Lost connections are part of the test.
  client.on('error', () => {})
  clients.push(client)
  const bus = createMqttBus(client)
  await until(() => client.connected, 'the client is connected')
  return bus
}

function makeNetwork(): BusNetwork {
  const clients: MqttClient[] = []
  return {
    join: () => openBus(clients),
    interrupt: () => broker.kill(),
    restore: () => broker.restart(),
    close: () => clients.forEach((client) => client.end(true)),
  }
}

const withoutInterruption = busContract.filter(({ interrupts }) => !interrupts)
const withInterruption = busContract.filter(({ interrupts }) => interrupts)

describe.concurrent('the bus on MQTT, while the broker runs', () => {
  test.each(withoutInterruption)('$name', ({ run }) => run(makeNetwork))
})

describe('the bus on MQTT, when the broker is killed and started again', { concurrent: false }, () => {
  test.each(withInterruption)('$name', ({ run }) => run(makeNetwork))
})

test('two nodes on MQTT: a message and a typist reach the other node, and nothing waits for the broker', async () => {
  const clients: MqttClient[] = []
  const [first, second] = await Promise.all(
    [1, 2].map(async () => startServer({ plugin: { bus: await openBus(clients) } })),
  )
  const group = { group: 'team' }
  const ann = await first!.connect('ann')
  const bob = await second!.connect('bob')
  const heard = await bob.hear(group)
  const seen = await bob.watch(group)
  expect(second!.online.stats().bus?.pending).toBe(0)

  expect(await ann.client.send(group, 'note', 'Hello')).toMatchObject({ ok: true })
  await until(() => heard.length === 1)
  ann.client.typing(group).keystroke()
  await until(() => names(seen.at(-1))?.join() === 'ann')
  ann.client.typing(group).stop()
  await until(() => seen.at(-1)?.total === 0)
  for (const client of clients) client.end(true)
})

test.each(['mqtt-bus.mjs', 'connect.mjs'])('the page shows %s as it is', (file) => {
  const block = readPage('docs/writing-a-bus.md').blocks.find((each) => each.file === file)
  expect(block?.code).toBe(`// ${file}\n${readFileSync(new URL(file, example), 'utf8').trimEnd()}`)
})
