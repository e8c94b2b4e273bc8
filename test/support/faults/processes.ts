import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { bundle } from '../../../scripts/bundle.mjs'
import type { Order, Report } from './actor.ts'
import type { DeviceEvent, DeviceSetup, FaultDevice, FaultServer, ServerSetup } from './words.ts'

let actor: Promise<string> | undefined

/** A process that runs servers or devices. */
export interface Actor {
  readonly process: ChildProcess
  server(setup: ServerSetup): Promise<FaultServer>
  device(setup: DeviceSetup, tell: (event: DeviceEvent) => void): Promise<FaultDevice>
  /** Ends it without a word, and waits until it is gone. */
  kill(): Promise<void>
}

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

/** Starts a process of its own. It ends with this one. */
export async function startActor(): Promise<Actor> {
  actor ??= bundle(fileURLToPath(new URL('actor.ts', import.meta.url)))
  const child = fork(await actor, { execArgv: ['--expose-gc'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  const listeners = new Map<string, (event: DeviceEvent) => void>()
  let last = 0

  child.on('message', (report: Report) => {
    if ('key' in report) {
      listeners.get(report.key)?.(report.event as DeviceEvent)
      return
    }
    const { resolve, reject } = waiting.get(report.id) ?? {}
    waiting.delete(report.id)
    if (report.error === undefined) resolve?.(report.result)
    else reject?.(new Error(report.error))
  })
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      for (const { reject } of waiting.values()) reject(new Error('the process is gone'))
      waiting.clear()
      resolve()
    })
  })

  const ask = (order: Without<Order, 'id'>) =>
    new Promise<unknown>((resolve, reject) => {
      const id = ++last
      waiting.set(id, { resolve, reject })
      child.send({ ...order, id })
    })
  /** What is open there, as if it were here. */
  const remote = (key: string): object =>
    new Proxy(
      {},
      {
        get: (_, call) =>
          call === 'then' ? undefined : (...args: unknown[]) => ask({ key, call: String(call), args }),
      },
    )

  return {
    process: child,
    async server(setup) {
      const key = `server ${++last}`
      await ask({ open: 'server', key, setup })
      return remote(key) as FaultServer
    },
    async device(setup, tell) {
      const key = `device ${++last}`
      listeners.set(key, tell)
      await ask({ open: 'device', key, setup })
      return remote(key) as FaultDevice
    },
    kill() {
      child.kill('SIGKILL')
      return gone
    },
  }
}
