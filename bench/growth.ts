/**
 * Measures how the cost of typing grows: the server's CPU per round of typing updates while the members double, and per second
 * while the typists double. The server and the members have processes of their own.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { attachOnlineMessages } from '../src/server/index.ts'
import { runMembers, startCrowd } from './kit/members.ts'
import { drawLines, slope } from './kit/svg.ts'
import {
  answerRequests,
  type Load,
  measureLoad,
  median,
  printTable,
  sleep,
  startProcess,
  until,
} from './kit/processes.ts'

const MEMBERS = [500, 1000, 2000, 4000, 8000]
const TYPISTS = [10, 20, 40, 80, 160, 320]
const ROOM = 1000
const ROUNDS = 8
/** Between two rounds of typing updates, in milliseconds. */
const INTERVAL = 200
/** How many seconds are measured with each number of typists. Their median counts. */
const SECONDS = 3

function runServer(interval: number): void {
  const http = createServer()
  const io = new Server(http)
  const plugin = attachOnlineMessages(io, {
    identify: ({ handshake }) => String(handshake.auth.user),
    authorize: 'anyone',
    typingUpdates: { batchInterval: interval },
  })
  const bot = plugin.createBot('bot')
  let end: (() => Load) | undefined
  answerRequests({
    listen: () =>
      new Promise((resolve) => {
        http.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(http.address() as AddressInfo).port}`))
      }),
    subscriptions: () => plugin.stats().subscriptions,
    begin() {
      end = measureLoad()
    },
    end: () => end?.(),
    /** Microseconds of CPU per round of typing updates: a bot begins or stops typing, and all members get the update. */
    async rounds() {
      const lease = (ttl: number) =>
        bot.send({
          conversation: { group: 'hall' },
          command: 'textInput',
          data: { ttl, activity: 'typing', since: Date.now() },
        })
      // The interval of a large room grows with its size.
      const wait = Math.max(interval, plugin.stats().subscriptions / 6)
      await sleep(2 * wait)
      const updatesBefore = plugin.stats().typingUpdatesOut
      const stop = measureLoad()
      for (let round = 0; round < ROUNDS; round++) {
        await lease(round % 2 ? 0 : 7000)
        await sleep(1.25 * wait)
      }
      const { cpuTime } = stop()
      return cpuTime / ((plugin.stats().typingUpdatesOut - updatesBefore) / plugin.stats().subscriptions)
    },
  })
}

type Points = (readonly [x: number, y: number])[]

async function byMembers(): Promise<Points> {
  const server = startProcess('server', String(INTERVAL))
  const crowd = startCrowd()
  const url = await server.request<string>('listen')
  const points: Points = []
  let connected = 0
  for (const members of MEMBERS) {
    await crowd.connect({ url, count: members - connected, kind: 'group' })
    connected = members
    await until(async () => (await server.request<number>('subscriptions')) === members)
    // In the first round the server's code gets compiled.
    if (!points.length) await server.request('rounds')
    points.push([members, (await server.request<number>('rounds')) / 1000])
  }
  server.kill()
  crowd.kill()
  return points
}

async function byTypists(): Promise<Points> {
  const server = startProcess('server', '1000')
  const crowd = startCrowd()
  const url = await server.request<string>('listen')
  await crowd.connect({ url, count: ROOM, kind: 'group' })
  await until(async () => (await server.request<number>('subscriptions')) === ROOM)
  const points: Points = []
  // In the first round the server's code gets compiled.
  for (const typists of [TYPISTS[0]!, ...TYPISTS]) {
    await crowd.startTyping({ count: typists, sends: 'lease' })
    await sleep(1000)
    const costs: number[] = []
    for (let second = 0; second < SECONDS; second++) {
      await server.request('begin')
      await sleep(1000)
      const { cpuTime, seconds } = await server.request<Load>('end')
      costs.push(cpuTime / 1000 / seconds)
    }
    points.push([typists, median(costs)])
    await crowd.stopTyping()
  }
  server.kill()
  crowd.kill()
  return points.slice(1)
}

async function bench(): Promise<void> {
  const perRound = await byMembers()
  const perSecond = await byTypists()
  console.log(`Node ${process.version}\n`)
  printTable(
    ['members', 'CPU ms a round of updates', 'µs a member'],
    perRound.map(([count, ms]) => [count, ms.toFixed(2), ((1000 * ms) / count).toFixed(1)]),
  )
  console.log(`\nslope ${slope(perRound).toFixed(2)} (1: in proportion)\n`)
  printTable(
    [`typists in a room of ${ROOM}`, 'CPU ms a second'],
    perSecond.map(([count, ms]) => [count, ms.toFixed(1)]),
  )
  console.log(`\nslope ${slope(perSecond).toFixed(2)}`)
  drawLines('growth', 'Server CPU for typing as rooms grow', 'members, or typists', 'milliseconds of CPU', [
    { label: 'a round of updates, by members', points: perRound },
    { label: `a second in a room of ${ROOM}, by typists`, points: perSecond },
  ])
  process.exit()
}

const [, , role, argument = ''] = process.argv
if (role === 'server') runServer(Number(argument))
else if (role === 'members') runMembers(argument)
else await bench()
