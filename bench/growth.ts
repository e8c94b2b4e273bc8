/**
 * How the cost of typing grows: server CPU per round of digests as the members double, and per second as the typists
 * double. Server and members have processes of their own.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { attachOnlineMessages } from '../src/server/index.ts'
import { playMembers, startCrowd } from './kit/members.ts'
import { drawLines, slope } from './kit/svg.ts'
import { type Load, measureLoad, median, play, print, sleep, start, until } from './kit/workers.ts'

const MEMBERS = [500, 1000, 2000, 4000, 8000]
const TYPISTS = [10, 20, 40, 80, 160, 320]
const ROOM = 1000
const ROUNDS = 8
const INTERVAL = 200
/** Of one number of typists: so many seconds are measured one by one, and their median counts. */
const SECONDS = 3

function serve(interval: number): void {
  const http = createServer()
  const io = new Server(http)
  const plugin = attachOnlineMessages(io, {
    identify: ({ handshake }) => String(handshake.auth.user),
    authorize: 'anyone',
    typingUpdates: { batchInterval: interval },
  })
  const bot = plugin.createBot('bot')
  let end: (() => Load) | undefined
  play({
    listen: () =>
      new Promise((resolve) => {
        http.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(http.address() as AddressInfo).port}`))
      }),
    listeners: () => plugin.stats().subscriptions,
    begin() {
      end = measureLoad()
    },
    end: () => end?.(),
    /** Microseconds of CPU per round of digests: a bot begins and ends, each is told to all. */
    async rounds() {
      const lease = (ttl: number) =>
        bot.send({
          conversation: { group: 'hall' },
          command: 'textInput',
          data: { ttl, activity: 'typing', since: Date.now() },
        })
      // A large room's interval grows with it.
      const wait = Math.max(interval, plugin.stats().subscriptions / 6)
      await sleep(2 * wait)
      const told = plugin.stats().typingUpdatesOut
      const stop = measureLoad()
      for (let round = 0; round < ROUNDS; round++) {
        await lease(round % 2 ? 0 : 7000)
        await sleep(1.25 * wait)
      }
      const { cpuTime } = stop()
      return cpuTime / ((plugin.stats().typingUpdatesOut - told) / plugin.stats().subscriptions)
    },
  })
}

type Points = (readonly [x: number, y: number])[]

async function byMembers(): Promise<Points> {
  const server = start('server', String(INTERVAL))
  const crowd = startCrowd()
  const url = await server.ask<string>('listen')
  const points: Points = []
  let connected = 0
  for (const members of MEMBERS) {
    await crowd.connect({ url, count: members - connected, as: 'hall' })
    connected = members
    await until(async () => (await server.ask<number>('listeners')) === members)
    // The first time is for the compiler.
    if (!points.length) await server.ask('rounds')
    points.push([members, (await server.ask<number>('rounds')) / 1000])
  }
  server.kill()
  crowd.kill()
  return points
}

async function byTypists(): Promise<Points> {
  const server = start('server', '1000')
  const crowd = startCrowd()
  const url = await server.ask<string>('listen')
  await crowd.connect({ url, count: ROOM, as: 'hall' })
  await until(async () => (await server.ask<number>('listeners')) === ROOM)
  const points: Points = []
  // The first time is for the compiler.
  for (const typists of [TYPISTS[0]!, ...TYPISTS]) {
    await crowd.type({ count: typists, by: 'lease' })
    await sleep(1000)
    const costs: number[] = []
    for (let second = 0; second < SECONDS; second++) {
      await server.ask('begin')
      await sleep(1000)
      const { cpuTime, seconds } = await server.ask<Load>('end')
      costs.push(cpuTime / 1000 / seconds)
    }
    points.push([typists, median(costs)])
    await crowd.rest()
  }
  server.kill()
  crowd.kill()
  return points.slice(1)
}

async function bench(): Promise<void> {
  const perRound = await byMembers()
  const perSecond = await byTypists()
  console.log(`Node ${process.version}\n`)
  print(
    ['members', 'CPU ms a round of digests', 'µs a member'],
    perRound.map(([count, ms]) => [count, ms.toFixed(2), ((1000 * ms) / count).toFixed(1)]),
  )
  console.log(`\nslope ${slope(perRound).toFixed(2)} (1: in proportion)\n`)
  print(
    [`typists in a room of ${ROOM}`, 'CPU ms a second'],
    perSecond.map(([count, ms]) => [count, ms.toFixed(1)]),
  )
  console.log(`\nslope ${slope(perSecond).toFixed(2)}`)
  drawLines('growth', 'Server CPU for typing as rooms grow', 'members, or typists', 'milliseconds of CPU', [
    { label: 'a round of digests, by members', points: perRound },
    { label: `a second in a room of ${ROOM}, by typists`, points: perSecond },
  ])
  process.exit()
}

const [, , part, argument = ''] = process.argv
if (part === 'server') serve(Number(argument))
else if (part === 'members') playMembers(argument)
else await bench()
