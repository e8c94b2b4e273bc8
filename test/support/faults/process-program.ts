/** Runs in a process of its own, with a server or devices: it can be killed, stopped, and given wrong clocks. */
import { openDevice } from './device.ts'
import { startServer } from './server.ts'
import type { DeviceSetup, ServerSetup } from './types.ts'

/** From the parent: open a server or a device, or call a method of one that is open. */
export type Request =
  | { readonly id: number; readonly open: 'server'; readonly key: string; readonly setup: ServerSetup }
  | { readonly id: number; readonly open: 'device'; readonly key: string; readonly setup: DeviceSetup }
  | { readonly id: number; readonly key: string; readonly method: string; readonly args: readonly unknown[] }

/** To the parent: the answer to a request, or an event of a device. */
export type Report =
  | { readonly id: number; readonly result?: unknown; readonly error?: string }
  | { readonly key: string; readonly event: unknown }

const report = (message: Report) => process.send?.(message)

type Methods = Record<string, (...args: readonly unknown[]) => unknown>
const opened = new Map<string, Methods>()

function setClocksWrong(milliseconds: number): void {
  const now = Date.now
  Date.now = () => now() + milliseconds
  Object.defineProperty(performance, 'timeOrigin', { value: performance.timeOrigin + milliseconds })
}

async function handle(request: Request): Promise<unknown> {
  if ('method' in request) return opened.get(request.key)?.[request.method]?.(...request.args)

  const { key } = request
  if (request.setup.clockError) setClocksWrong(request.setup.clockError)
  if (request.open === 'server') {
    opened.set(key, (await startServer(request.setup)) as unknown as Methods)
  } else {
    const device = openDevice(request.setup, (event) => report({ key, event }))
    opened.set(key, device as unknown as Methods)
  }
  return undefined
}

process.on('message', (request: Request) => {
  void handle(request).then(
    (result) => report({ id: request.id, result }),
    (error: unknown) => report({ id: request.id, error: String(error) }),
  )
})
// Without its parent, nobody would end this process.
process.on('disconnect', () => process.exit())
