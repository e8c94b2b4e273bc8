/** A process of its own for a server or for devices: it can be killed, stopped, and given wrong clocks. */
import { openDevice } from './device.ts'
import { startServer } from './server.ts'
import type { DeviceSetup, FaultDevice, FaultServer, ServerSetup } from './words.ts'

/** From the parent: open something, or call something that is open. */
export type Order =
  | { readonly id: number; readonly open: 'server'; readonly key: string; readonly setup: ServerSetup }
  | { readonly id: number; readonly open: 'device'; readonly key: string; readonly setup: DeviceSetup }
  | { readonly id: number; readonly key: string; readonly call: string; readonly args: readonly unknown[] }

/** To the parent: an answer, or what a device tells of itself. */
export type Report =
  | { readonly id: number; readonly result?: unknown; readonly error?: string }
  | { readonly key: string; readonly event: unknown }

const report = (message: Report) => process.send?.(message)

type Callable = Record<string, (...args: readonly unknown[]) => unknown>
const opened = new Map<string, Callable>()

function shiftClocks(by: number): void {
  const now = Date.now
  Date.now = () => now() + by
  Object.defineProperty(performance, 'timeOrigin', { value: performance.timeOrigin + by })
}

async function obey(order: Order): Promise<unknown> {
  if ('call' in order) {
    const target = opened.get(order.key)
    return target?.[order.call]?.(...order.args)
  }
  const { key, setup } = order
  if (setup.shift) shiftClocks(setup.shift)
  if (order.open === 'server')
    opened.set(key, (await startServer(order.setup)) satisfies FaultServer as unknown as Callable)
  else {
    const device: FaultDevice = openDevice(order.setup, (event) => report({ key, event }))
    opened.set(key, device as unknown as Callable)
  }
  return undefined
}

process.on('message', (order: Order) => {
  void obey(order).then(
    (result) => report({ id: order.id, result }),
    (error: unknown) => report({ id: order.id, error: String(error) }),
  )
})
// The parent is gone: nobody is left to end this process.
process.on('disconnect', () => process.exit())
