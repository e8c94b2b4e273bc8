import { serverNow } from '../../../src/server/clock.ts'
import { createDevice } from '../../../src/server/devices/device.ts'
import type { Bus } from '../../../src/server/cluster/bus.ts'
import type { Frame } from '../../../src/server/connections/frame.ts'
import { createHub, type Hub } from '../../../src/server/hub.ts'
import type { CheckedMessage } from '../../../src/server/messages.ts'
import type { Device } from '../../../src/server/model.ts'
import { type AuthorizationRequest, type OnlineMessageServerOptions, readOptions } from '../../../src/server/options.ts'
import { type Counters, createCounters } from '../../../src/server/stats.ts'

/** What one device was sent: the arguments of each event. */
export interface TestDevice {
  readonly device: Device
  readonly got: Frame['args'][]
  /** The events with this name that it was sent since the last call, without their names and times. */
  take(event: string): unknown[][]
}

/** A hub whose devices are no connections: nothing waits for a network. */
export interface TestHub {
  readonly hub: Hub
  readonly counters: Counters
  addDevice(id: string): TestDevice
  /** A message to the group "team" that is sent now. */
  message(changes?: Partial<CheckedMessage>): CheckedMessage
}

export function createTestHub(options: Partial<OnlineMessageServerOptions> = {}, bus?: Bus): TestHub {
  const settings = readOptions({ identify: () => null, authorize: 'anyone', ...options })
  const counters = createCounters()
  const makeFrame = (at: number, args: Frame['args'], replaces?: string): Frame => ({
    at,
    args,
    replaces,
    encoded: () => [],
  })
  const hub = createHub({ settings, makeFrame, counters, bus, namespace: '/' })
  return {
    hub,
    counters,
    addDevice(id) {
      const got: Frame['args'][] = []
      const device = createDevice({ id }, ({ args }) => got.push(args))
      hub.add(device)
      const take = (event: string) => {
        const taken = got.filter(([name]) => name === event)
        got.splice(0, got.length, ...got.filter(([name]) => name !== event))
        return taken.map(([, , ...rest]) => rest)
      }
      return { device, got, take }
    },
    message: (changes = {}) => ({
      at: serverNow(),
      command: 'note',
      data: '1',
      conversation: { group: 'team' },
      priority: 'normal',
      ...changes,
    }),
  }
}

/** A question that waits until the test answers it. */
export interface SlowQuestion {
  readonly request: AuthorizationRequest
  readonly answer: (yes: boolean) => void
}

/** An `authorize` whose questions wait. */
export interface SlowAuthorize {
  readonly questions: readonly SlowQuestion[]
  readonly authorize: (request: AuthorizationRequest) => Promise<boolean>
}

export function createSlowAuthorize(): SlowAuthorize {
  const questions: SlowQuestion[] = []
  const authorize = (request: AuthorizationRequest) =>
    new Promise<boolean>((answer) => questions.push({ request, answer }))
  return { questions, authorize }
}
