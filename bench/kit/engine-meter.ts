/** Engines whose load can be read. Reading it costs nothing that is worth subtracting. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { type EngineAddress, startEngine } from '../../test/support/cluster/engines.ts'
import { freePort } from '../../test/support/free-port.ts'
import { until } from './processes.ts'
import { openRedisMeter } from './redis-meter.ts'

/** The load of an engine. */
export interface EngineLoad {
  /** Seconds of CPU since it started. */
  readonly cpu: number
  /** Bytes of memory. */
  readonly memory: number
  /** Subscriptions. Those of several nodes to one channel count once on Redis, and each on NATS. */
  readonly subscriptions: number
}

export interface MeasuredEngine {
  readonly address: EngineAddress
  readLoad(): Promise<EngineLoad>
  kill(): unknown
}

export const startMeasuredEngine = (name: 'redis' | 'nats'): Promise<MeasuredEngine> =>
  name === 'redis' ? startRedis() : startNats()

async function startRedis(): Promise<MeasuredEngine> {
  const { address, kill } = await startEngine('redis')
  const meter = await openRedisMeter(address.ports[0]!)
  return { address, readLoad: meter.read, kill }
}

/** What NATS says about itself. */
interface NatsVariables {
  readonly mem: number
  readonly subscriptions: number
}

/** Linux counts a process's CPU in hundredths of a second. */
const TICKS_PER_SECOND = 100

/** User and system time of a process, in seconds. Only Linux has it. */
function cpuOf(processId: number): number {
  const fields = readFileSync(`/proc/${processId}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

async function startNats(): Promise<MeasuredEngine> {
  const port = await freePort()
  const monitoringPort = await freePort()
  const options = ['--addr', '127.0.0.1', '--port', String(port), '--http_port', String(monitoringPort)]
  const child = spawn(process.env.NATS_SERVER ?? 'nats-server', options, { stdio: 'ignore' })
  const readVariables = async () => {
    const response = await fetch(`http://127.0.0.1:${monitoringPort}/varz`)
    return (await response.json()) as NatsVariables
  }
  await until(() =>
    readVariables().then(
      () => true,
      () => false,
    ),
  )
  return {
    address: { name: 'nats', ports: [port] },
    async readLoad() {
      const { mem, subscriptions } = await readVariables()
      return { cpu: cpuOf(child.pid!), memory: mem, subscriptions }
    },
    kill: () => child.kill('SIGKILL'),
  }
}
