import { becomesTrue, sharedNow, sleep, until } from '../until.ts'
import { openDevice } from './device.ts'
import { createLedger, LATE } from './ledger.ts'
import { startNetworkProxy } from '../network-proxy.ts'
import { startProcess } from './processes.ts'
import { EVENT_TIMEOUT, type Participant, type Row, type Run, type Scenario } from './scenario.ts'
import { startServer } from './server.ts'
import type { DeviceEvent, DeviceSetup, Outcome, SocketTransport, Way } from './types.ts'

/** How long a message may take that has to arrive, in milliseconds: none arrives that is older than `LATE`. */
const MESSAGE_TIMEOUT = 2 * LATE

/** How long a run may take, in milliseconds. */
const RUN_TIMEOUT = 90_000

/** How long the run waits for a message of plain Socket.IO, which may be lost, in milliseconds. */
const PLAIN_TIMEOUT = 1000

/** Probes are numbered from -1 down, and are not in the ledger. */
let lastProbe = 0

let runCount = 0

/** Runs one row in one way. Whatever happens, it leaves nothing running. */
export async function runScenario(row: Row, way: Way, socketTransport: SocketTransport): Promise<Run> {
  const ledger = createLedger(`tag-${process.pid}-${++runCount}-`)
  const problems: string[] = []
  const notes: string[] = []
  const cleanups: (() => unknown)[] = []
  const probesOf = new Map<string, Set<number>>()
  const isOurs = way === 'ours'
  const began = sharedNow()
  let stored = 0

  const addDevice: Scenario['addDevice'] = async (name, { at, onSocketOf, ...setup }, inProcess) => {
    const [user = name] = name.split(/[ ’]/)
    const url = typeof at === 'string' ? at : `http://127.0.0.1:${await at.port()}`
    const received = {
      typists: [] as Participant['typists'],
      messages: [] as Participant['messages'],
      appNumbers: [] as number[],
      allNumbers: [] as number[],
    }
    const probes = new Set<number>()
    probesOf.set(name, probes)

    const onEvent = (event: DeviceEvent) => {
      if (event.kind === 'typists') {
        received.typists.push(event)
        return
      }
      if (event.kind === 'app') {
        received.appNumbers.push(event.n)
        received.allNumbers.push(event.n)
        return
      }
      const { n, at: sentAt } = event.payload
      if (n < 0) {
        probes.add(n)
        return
      }
      received.messages.push({ n, sentAt, at: event.at })
      received.allNumbers.push(n)
      ledger.recordReceived(name, event.payload, event.at)
    }

    const complete: DeviceSetup = { url, user, way, socketTransport, ...setup }
    if (inProcess) return { name, user, device: await inProcess.openDevice(complete, onEvent), ...received }
    const device = openDevice(complete, onEvent, onSocketOf?.device)
    cleanups.push(() => device.close())
    return { name, user, device, ...received }
  }

  const probe: Scenario['probe'] = async (from, to, ...receivers) => {
    const before = lastProbe
    const wasReached = ({ name }: Participant) => [...probesOf.get(name)!].some((n) => n < before)
    const missing = () => receivers.filter((receiver) => !wasReached(receiver))
    let nextAt = 0
    const allReached = () => {
      if (sharedNow() > nextAt) {
        nextAt = sharedNow() + 60
        void from.device.send(to, [{ n: --lastProbe, tag: 'probe', at: 0 }]).catch(() => {})
      }
      return missing().length === 0
    }
    // Plain Socket.IO may have blocked or lost its own way: the tally shows that.
    const timeout = isOurs ? EVENT_TIMEOUT : 1.5 * PLAIN_TIMEOUT
    const isReached = await becomesTrue(allReached, timeout)
    if (!isReached && isOurs) {
      const names = missing().map(({ name }) => name)
      throw new Error(`${from.name} does not reach ${names.join()} within ${timeout} ms`)
    }
  }

  const send: Scenario['send'] = async ({ from: { name, device }, to, count, expectation, interval }) => {
    const payloads = ledger.issue(count, expectation, name)
    if (interval === undefined) return device.send(to, payloads)
    const sent: Promise<Outcome[]>[] = []
    for (const payload of payloads) {
      sent.push(device.send(to, [payload]))
      await sleep(interval)
    }
    return (await Promise.all(sent)).flat()
  }

  const scenario: Scenario = {
    way,
    isOurs,
    ledger,
    notes,
    check(condition, problem) {
      if (isOurs && !condition) problems.push(problem)
    },
    async startProcess() {
      const started = await startProcess()
      cleanups.push(() => started.kill())
      return started
    },
    async startServer(setup = {}, inProcess) {
      if (inProcess) return inProcess.startServer(setup)
      const server = await startServer(setup)
      cleanups.push(() => server.close())
      return server
    },
    async startProxy(server, options) {
      const proxy = await startNetworkProxy(await server.port(), options)
      cleanups.push(() => proxy.close())
      return proxy
    },
    addDevice,
    async untilConnected({ name, device }) {
      await until(async () => (await device.state()).connected, `${name} is connected`, EVENT_TIMEOUT)
    },
    async untilOnline(...participants) {
      for (const { name, device } of participants) {
        await until(async () => (await device.state()).online, `${name} is online`, EVENT_TIMEOUT)
      }
    },
    send,
    async sendWhileOffline(sending) {
      for (const { code, isImmediate } of await send(sending)) {
        scenario.check(code === 'offline', `a message sent while offline is answered ${code}`)
        scenario.check(isImmediate, 'a message sent while offline is not answered at once')
      }
    },
    probe,
    async settle() {
      await becomesTrue(() => ledger.missing().length === 0, isOurs ? MESSAGE_TIMEOUT : PLAIN_TIMEOUT)
    },
    async countStored(server, participants, { withEngine } = { withEngine: false }) {
      const copies = await Promise.all([
        server.stored(ledger.tag, withEngine),
        ...participants.map(({ device }) => device.stored(ledger.tag, withEngine)),
      ])
      const sum = copies.reduce((total, count) => total + count, 0)
      stored = Math.max(stored, sum)
    },
  }

  let timer: NodeJS.Timeout | undefined
  const timedOut = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the run is not over after ${RUN_TIMEOUT} ms`)), RUN_TIMEOUT)
  })
  try {
    await Promise.race([row.run(scenario), timedOut])
  } catch (error) {
    problems.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
  } finally {
    clearTimeout(timer)
    for (const cleanUp of cleanups.reverse()) await cleanUp()
  }
  ledger.recordViolation('stored', stored)
  const seconds = (sharedNow() - began) / 1000
  return { row, way, socketTransport, tally: ledger.tally(), problems, notes, seconds }
}
