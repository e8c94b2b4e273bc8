import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { bundle } from '../../../scripts/bundle.mjs'
import type { Report, Request } from './process-program.ts'
import type { DeviceEvent, DeviceSetup, ScenarioDevice, ScenarioServer, ServerSetup } from './types.ts'

let program: Promise<string> | undefined

/** A process that runs servers or devices. */
export interface ScenarioProcess {
  readonly process: ChildProcess
  startServer(setup: ServerSetup): Promise<ScenarioServer>
  openDevice(setup: DeviceSetup, onEvent: (event: DeviceEvent) => void): Promise<ScenarioDevice>
  /** Kills it with SIGKILL, and waits until it has exited. */
  kill(): Promise<void>
}

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

/** Starts a process. It ends with this one. */
export async function startProcess(): Promise<ScenarioProcess> {
  program ??= bundle(fileURLToPath(new URL('process-program.ts', import.meta.url)))
  const child = fork(await program, { execArgv: ['--expose-gc'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const pending = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  const eventListeners = new Map<string, (event: DeviceEvent) => void>()
  let lastId = 0

  child.on('message', (report: Report) => {
    if ('key' in report) {
      eventListeners.get(report.key)?.(report.event as DeviceEvent)
      return
    }
    const { resolve, reject } = pending.get(report.id) ?? {}
    pending.delete(report.id)
    if (report.error === undefined) resolve?.(report.result)
    else reject?.(new Error(report.error))
  })
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      for (const { reject } of pending.values()) reject(new Error('the process has exited'))
      pending.clear()
      resolve()
    })
  })

  const request = (content: Without<Request, 'id'>) =>
    new Promise<unknown>((resolve, reject) => {
      const id = ++lastId
      pending.set(id, { resolve, reject })
      child.send({ ...content, id })
    })
  /** An object whose methods run in the child. */
  const remote = (key: string): object =>
    new Proxy(
      {},
      {
        get(_, method) {
          // Else `await` would take it for a promise.
          if (method === 'then') return undefined
          return (...args: unknown[]) => request({ key, method: String(method), args })
        },
      },
    )

  return {
    process: child,
    async startServer(setup) {
      const key = `server ${++lastId}`
      await request({ open: 'server', key, setup })
      return remote(key) as ScenarioServer
    },
    async openDevice(setup, onEvent) {
      const key = `device ${++lastId}`
      eventListeners.set(key, onEvent)
      await request({ open: 'device', key, setup })
      return remote(key) as ScenarioDevice
    },
    kill() {
      child.kill('SIGKILL')
      return exited
    },
  }
}
