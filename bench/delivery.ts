/**
 * Server CPU per delivery to 1,000 sockets, beside `io.local.to(room).volatile.emit` of the same bytes in the same run.
 * The sockets are in processes of their own; blocks of both ways take turns.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { io as connect, type Socket } from 'socket.io-client'
import { MESSAGE } from '../src/core/wire.ts'
import { attachOnlineMessages } from '../src/server/index.ts'
import { createSocketTransport } from '../src/transports/socket-io.ts'

const SOCKETS = 1000
const PROCESSES = 2
const MESSAGES = 60
const ROUNDS = 6
/** Between two messages, in milliseconds: every socket has read the one before. */
const PAUSE = 25
const team = { group: 'team' }

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

async function clients(url: string): Promise<void> {
  let count = 0
  const sockets: Socket[] = []
  for (let index = 0; index < SOCKETS / PROCESSES; index++) {
    const socket = connect(url, {
      transports: ['websocket'],
      forceNew: true,
      auth: { user: `u${process.pid}-${index}` },
    })
    createSocketTransport(socket).subscribe(team, { message() {}, typists() {} })
    socket.on(MESSAGE, () => count++)
    sockets.push(socket)
    if (index % 50 === 49) await sleep(50)
  }
  process.on('message', () => process.send?.(count))
  process.on('disconnect', () => process.exit())
}

async function bench(): Promise<void> {
  const http = createServer()
  const io = new Server(http)
  const plugin = attachOnlineMessages(io, {
    identify: ({ handshake }) => String(handshake.auth.user),
    authorize: 'anyone',
    limits: { perGroup: 1_000_000 },
  })
  io.on('connection', (socket) => void socket.join('team'))
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const bot = plugin.as('bot')
  const data = 'x'.repeat(40)
  const sendOurs = () => bot.send({ conversation: team, command: 'bench', data })

  // The same bytes: what one socket hears of ours is what the other way emits.
  const spy = connect(url, { transports: ['websocket'], auth: { user: 'spy' } })
  createSocketTransport(spy).subscribe(team, { message() {}, typists() {} })
  const heard = new Promise<unknown[]>((resolve) => spy.on(MESSAGE, (...args: unknown[]) => resolve(args)))
  while (plugin.stats().listeners === 0) await sleep(10)
  await sendOurs()
  const args = await heard
  spy.disconnect()
  const sendVolatile = () => io.local.to('team').volatile.emit(MESSAGE, ...args)

  const children: ChildProcess[] = Array.from({ length: PROCESSES }, () => fork(process.argv[1]!, [url]))
  while (plugin.stats().listeners < SOCKETS) await sleep(50)
  const received = async () => {
    const counts = children.map(
      (child) =>
        new Promise<number>((resolve) => {
          child.once('message', (count) => resolve(count as number))
          child.send('count')
        }),
    )
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
  }

  /** Microseconds of CPU per delivery in one block. */
  const block = async (send: () => unknown): Promise<{ cost: number; lost: number }> => {
    const before = await received()
    globalThis.gc?.()
    const began = process.cpuUsage()
    for (let message = 0; message < MESSAGES; message++) {
      send()
      await sleep(PAUSE)
    }
    const { user, system } = process.cpuUsage(began)
    const delivered = (await received()) - before
    return { cost: (user + system) / delivered, lost: MESSAGES * SOCKETS - delivered }
  }

  const ours: number[] = []
  const theirs: number[] = []
  let lost = 0
  let theirLost = 0
  await block(sendOurs)
  await block(sendVolatile)
  for (let round = 0; round < ROUNDS; round++) {
    const first = round % 2 === 0
    for (const isOurs of [first, !first]) {
      const result = await block(isOurs ? sendOurs : sendVolatile)
      if (isOurs) {
        ours.push(result.cost)
        lost += result.lost
      } else {
        theirs.push(result.cost)
        theirLost += result.lost
      }
    }
  }
  const ratio = median(ours.map((cost, index) => cost / theirs[index]!))
  const bytes = Buffer.byteLength(JSON.stringify([MESSAGE, ...args])) + 2
  console.log(
    `${SOCKETS} sockets, ${bytes} bytes, ${ROUNDS} rounds of ${MESSAGES} messages each way, Node ${process.version}`,
  )
  console.log(`react-online-message:              ${median(ours).toFixed(2)} µs of CPU per delivery, ${lost} lost`)
  console.log(
    `io.local.to(room).volatile.emit:   ${median(theirs).toFixed(2)} µs of CPU per delivery, ${theirLost} lost`,
  )
  console.log(`ratio: ${ratio.toFixed(2)} (has to be at most 1.00)`)
  for (const child of children) child.kill()
  plugin.close()
  await io.close()
  process.exit(ratio <= 1 ? 0 : 1)
}

const [, , url] = process.argv
await (url ? clients(url) : bench())
