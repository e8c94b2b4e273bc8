import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { attachOnlineMessages } from '../../../src/server/index.ts'
import { sleep, until } from '../until.ts'
import { checkRules } from './random-checks.ts'
import { CONVERSATIONS, MAX_AGE, openDevices, type RandomDevice, type RandomRun } from './random-device.ts'

/** What can happen. Devices and conversations are indexes. */
export type Step =
  | { readonly do: 'connect' | 'disconnect' | 'drop' | 'kick' | 'stall' | 'resume'; readonly device: number }
  | { readonly do: 'send'; readonly device: number; readonly to: number; readonly count: number }
  | {
      readonly do: 'startTyping' | 'stopTyping' | 'subscribe' | 'unsubscribe'
      readonly device: number
      readonly to: number
    }
  | { readonly do: 'moveClock'; readonly milliseconds: number }
  | { readonly do: 'wait'; readonly milliseconds: number }
  | { readonly do: 'check' }

/** How long what has to happen may take, in milliseconds. */
const TIMEOUT = 20_000

async function startServer() {
  const http = createServer()
  // A client notices with the next ping that its clock was moved, so pings come often. Their timeout is not under test.
  const io = new Server(http, { pingInterval: 300, pingTimeout: 20_000 })
  const plugin = attachOnlineMessages(io, {
    identify: ({ handshake }) => String(handshake.auth.user),
    authorize: 'anyone',
    maxAge: MAX_AGE,
    rateLimits: { perConnection: 1_000_000, perGroup: 1_000_000 },
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  return { io, plugin, port }
}

/** Moves the clock of the whole process: the server's, and that of all devices. */
function movableClock() {
  const now = Date.now
  let offset = 0
  Date.now = () => now() + offset
  return {
    move: (milliseconds: number) => (offset += milliseconds),
    restore: () => (Date.now = now),
  }
}

/** Takes the steps with real sockets. @throws Error that names the rules that were broken. */
export async function runRandomSteps(steps: readonly Step[]): Promise<void> {
  const { io, plugin, port } = await startServer()
  const run: RandomRun = { broken: [], lastNumber: 0, sentOffline: new Set(), greatestAge: 0 }
  const clock = movableClock()
  const devices = await openDevices(port, run)

  const kick = ({ user }: RandomDevice) => {
    for (const { handshake, conn } of io.sockets.sockets.values()) {
      if (handshake.auth.user === user) conn.close()
    }
  }
  const drop = ({ socket }: RandomDevice) => {
    // An engine that is told to close while it opens tells nobody: Socket.IO waits 20 s for it before it tries again.
    if (socket.io.engine.readyState === 'open') socket.io.engine.close()
  }
  const take = async (step: Step): Promise<void> => {
    if (step.do === 'wait') return sleep(step.milliseconds)
    if (step.do === 'check') return checkRules(devices, run)
    if (step.do === 'moveClock') {
      clock.move(step.milliseconds)
      return
    }

    const device = devices[step.device]!
    if (step.do === 'send') device.send(step.to, step.count)
    else if (step.do === 'subscribe') device.subscribe(step.to)
    else if (step.do === 'unsubscribe') device.unsubscribe(step.to)
    else if (step.do === 'startTyping') device.startTyping(step.to)
    else if (step.do === 'stopTyping') device.stopTyping(step.to)
    else if (step.do === 'connect') {
      device.isWanted = true
      device.socket.connect()
    } else if (step.do === 'disconnect') {
      device.isWanted = false
      device.socket.disconnect()
    } else if (step.do === 'drop') drop(device)
    else if (step.do === 'kick') kick(device)
    else if (step.do === 'stall') device.proxy.stall()
    else device.proxy.resume()
  }

  try {
    for (const device of devices) {
      for (const conversation of CONVERSATIONS.keys()) device.subscribe(conversation)
    }
    await checkRules(devices, run)
    for (const step of steps) {
      if (run.broken.length) break
      await take(step)
    }
    await checkRules(devices, run)
    if (run.broken.length) throw new Error(run.broken.slice(0, 5).join('\n'))

    for (const device of devices) device.leave()
    const serverHoldsNothing = () => {
      const { connections, subscriptions, leases } = plugin.stats()
      return connections + subscriptions + leases === 0
    }
    await until(serverHoldsNothing, 'G3: the server holds nothing of anybody', TIMEOUT)
  } finally {
    clock.restore()
    for (const { socket, proxy } of devices) {
      socket.disconnect()
      await proxy.close()
    }
    plugin.close()
    await io.close()
  }
}
