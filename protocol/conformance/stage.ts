/** What a scenario plays on: a Socket.IO server without the plug-in, and the client under test. */
import { isDeepStrictEqual } from 'node:util'
import { createServer } from 'node:http'
import { Server, type Socket } from 'socket.io'
import { type Line, type Program, startProgram } from './program.ts'

/** The conversation of every client under test. */
export const ANN = { user: 'ann' } as const

/** By how much the server's clock is ahead, in milliseconds: a client has to measure it. */
const CLOCK_SHIFT = 86_400_000

/** How long the client may take for what it does at once, in milliseconds. Machines may be busy. */
const AT_ONCE = 3000

/** For the first connection, which includes the start of the program. */
export const START = 20_000

/** What the client has sent. */
export interface Received {
  readonly name: string
  readonly args: readonly unknown[]
  /** When it arrived, by `performance.now()`. */
  readonly at: number
  /** Answers an acknowledgement, if the client asks for one. */
  answer(value: unknown): void
}

export interface Stage {
  /** The server's clock. */
  now(): number
  welcome(changes?: object): object
  /** Waits for the next event of the client, which has to have this name. */
  next(name: string, within?: number): Promise<Received>
  /** Waits for the first hello of a connection, and brings the client online. */
  bringOnline(): Promise<void>
  /** Fails if the client sends anything meanwhile. */
  staysQuiet(milliseconds: number): Promise<void>
  send(event: string, ...args: readonly unknown[]): void
  update(typists: readonly object[], total?: number, age?: number): void
  message(data: string, age?: number): void
  run(command: object): void
  /** Waits until the client shows these typists, by their ids. */
  shows(ids: readonly string[], total?: number): Promise<void>
  /** Waits until the client says that it is online, or that it is not. */
  isOnline(expected: boolean): Promise<void>
  /** Waits for a line of this kind after those that were waited for before. */
  prints(kind: string, fields: object, within?: number): Promise<void>
  /** How often the client has printed what it shows. */
  countShown(): number
  /** How many messages it has printed. */
  countMessages(): number
  /** The connection breaks. The server accepts another one after so many milliseconds. */
  breakConnection(unreachableFor?: number): Promise<void>
}

export interface RunningStage extends Stage {
  close(): Promise<void>
}

export interface StageOptions {
  /** 0 for any that is free. */
  readonly port: number
  /** The client under test; without one, somebody else starts it, and what it shows is not checked. */
  readonly command: readonly string[] | undefined
}

export const refusal = (code: string): object => ({ ok: false, code, message: 'Refused by the conformance run.' })

export async function openStage({ port, command }: StageOptions): Promise<RunningStage> {
  const http = createServer()
  const server = new Server(http, { cors: { origin: '*' } })
  const received: Received[] = []
  let socket: Socket | undefined
  let program: Program | undefined
  let wake = () => {}
  let linesSeen = 0

  server.on('connection', (connected) => {
    socket = connected
    connected.onAny((name: string, ...args: unknown[]) => {
      const last = args.at(-1)
      const isAcknowledged = typeof last === 'function'
      const answer = isAcknowledged ? (last as (value: unknown) => void) : () => {}
      received.push({ name, args: isAcknowledged ? args.slice(0, -1) : args, at: performance.now(), answer })
      wake()
    })
  })
  const listen = (where: number) => new Promise<void>((resolve) => http.listen(where, '127.0.0.1', resolve))
  await listen(port)
  const address = http.address()
  const actualPort = typeof address === 'object' && address ? address.port : port
  if (command) program = startProgram(command, `http://127.0.0.1:${actualPort}`, () => wake())

  /** Waits until something is there. */
  async function until<Value>(what: () => string, within: number, look: () => Value | undefined): Promise<Value> {
    const deadline = performance.now() + within
    for (;;) {
      const value = look()
      if (value !== undefined) return value
      const left = deadline - performance.now()
      if (left <= 0) throw new Error(`${what()}${program?.errors() ? `\n${program.errors()}` : ''}`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  const linesOf = (kind: string) => program?.lines.filter((line) => line.kind === kind) ?? []
  const emit = (event: string, ...args: readonly unknown[]) => void socket?.emit(event, ...args)
  const now = () => Date.now() + CLOCK_SHIFT

  const stage: RunningStage = {
    now,
    welcome: (changes) => ({
      ...{ ok: true, version: 1, time: now(), maxAge: 2000, maxBytes: 4096, tellActive: false },
      ...changes,
    }),
    async next(name, within = AT_ONCE) {
      const what = () => `The client has not sent ${name} within ${within} ms.`
      const next = await until(what, within, () => received.shift())
      if (next.name === name) return next
      throw new Error(`The client has sent ${describe(next)} instead of ${name}.`)
    },
    async bringOnline() {
      const hello = await stage.next('om:hello', START)
      if (hello.args[0] !== 1) throw new Error(`The hello has to begin with version 1: ${describe(hello)}.`)
      hello.answer(stage.welcome())
      await stage.isOnline(true)
      const subscribe = await stage.next('om:subscribe')
      if (!isDeepStrictEqual(subscribe.args[0], [ANN])) {
        throw new Error(`The client has to subscribe to ${JSON.stringify([ANN])}: ${describe(subscribe)}.`)
      }
    },
    async staysQuiet(milliseconds) {
      await new Promise((resolve) => setTimeout(resolve, milliseconds))
      const [first] = received
      if (first) throw new Error(`The client has to send nothing here, and has sent ${describe(first)}.`)
    },
    send: emit,
    update: (typists, total = typists.length, age = 0) => emit('om:typists', now() - age, ANN, total, typists),
    message: (data, age = 0) => emit('om:message', now() - age, ANN, 'wave', data, { id: 'ann', name: 'Ann' }),
    run: (each) => program?.run(each),
    async shows(ids, total = ids.length) {
      const isShown = (line: Line | undefined) => {
        const typists = Array.isArray(line?.typists) ? (line.typists as readonly { readonly id?: unknown }[]) : []
        const shown = line ? { ids: typists.map(({ id }) => id), total: line.total } : { ids: [], total: 0 }
        return isDeepStrictEqual(shown, { ids, total })
      }
      const what = () =>
        `The client has to show ${total} (${ids.join(', ')}): ${JSON.stringify(linesOf('shown').at(-1))}.`
      if (program) await until(what, AT_ONCE, () => (isShown(linesOf('shown').at(-1)) ? true : undefined))
    },
    async isOnline(expected) {
      const state = () => linesOf('connection').at(-1)?.state ?? 'connecting'
      const what = () =>
        `The client has to be ${expected ? 'online' : 'not online'}, and is ${JSON.stringify(state())}.`
      if (program) await until(what, AT_ONCE, () => ((state() === 'online') === expected ? true : undefined))
    },
    async prints(kind, fields, within = AT_ONCE) {
      const isPrinted = (line: Line) =>
        line.kind === kind && Object.entries(fields).every(([name, value]) => isPart(line[name], value))
      const what = () => `The client has to print ${JSON.stringify({ kind, ...fields })}.`
      if (!program) return
      const { lines } = program
      await until(what, within, () => {
        const index = lines.findIndex((line, each) => each >= linesSeen && isPrinted(line))
        if (index < 0) return undefined
        linesSeen = index + 1
        return true
      })
    },
    countShown: () => linesOf('shown').length,
    countMessages: () => linesOf('message').length,
    async breakConnection(unreachableFor = 0) {
      received.length = 0
      if (unreachableFor > 0) http.close()
      socket?.conn.close()
      await new Promise((resolve) => setTimeout(resolve, unreachableFor))
      if (unreachableFor > 0) await listen(actualPort)
    },
    async close() {
      await program?.end()
      await server.close()
    },
  }
  return stage
}

const isPart = (actual: unknown, expected: unknown): boolean => {
  if (typeof expected !== 'object' || expected === null) return actual === expected
  if (typeof actual !== 'object' || actual === null) return false
  return Object.entries(expected).every(([name, value]) => isPart((actual as Record<string, unknown>)[name], value))
}

const describe = ({ name, args }: Received) => `${name} ${JSON.stringify(args)}`
