import type { ServerOptions, Socket as ServerSocket } from 'socket.io'
import { startServer, type TestServer } from '../server/harness.ts'

type Answer = (answer: unknown) => void

/** The server's clock, in milliseconds since 1970, from a steady one: no test can move it by patching `Date`. */
export const scriptedNow = (): number => performance.timeOrigin + performance.now()

export interface Script {
  /** The welcome, over these defaults: the real time, 2 s, 4096 bytes, no `tellActive`. */
  readonly welcome?: () => object
  /** Answers a hello in another way. `answer` may be called later. @default answers with the welcome at once */
  readonly onHello?: (answer: Answer, welcome: () => object) => void
  /** What answers a message. @default accepts it */
  readonly answerTo?: (event: readonly unknown[]) => unknown
  /** Of Socket.IO. */
  readonly io?: Partial<ServerOptions>
}

export interface ScriptedServer extends TestServer {
  /** Every event of the protocol that has arrived, without its acknowledgement. */
  readonly events: readonly (readonly unknown[])[]
  /** The events of this name. */
  received(name: string): (readonly unknown[])[]
}

/** A Socket.IO server without the plug-in, which speaks as much of the protocol as a test tells it to. */
export async function startScriptedServer({ welcome, onHello, answerTo, io }: Script = {}): Promise<ScriptedServer> {
  const server = await startServer({ attach: false, io })
  const events: (readonly unknown[])[] = []
  const defaultWelcome = () => ({
    ok: true,
    version: 1,
    time: scriptedNow(),
    maxAge: 2000,
    maxBytes: 4096,
    tellActive: false,
    ...welcome?.(),
  })
  const isAnswer = (value: unknown): value is Answer => typeof value === 'function'

  server.io.on('connection', (socket: ServerSocket) => {
    socket.onAny((...received: unknown[]) => {
      const event = received.filter((value) => !isAnswer(value))
      const answer = received.find(isAnswer)
      if (!String(event[0]).startsWith('om:')) return
      events.push(event)
      if (event[0] !== 'om:hello') answer?.(answerTo ? answerTo(event) : { ok: true })
      else if (answer && onHello) onHello(answer, defaultWelcome)
      else answer?.(defaultWelcome())
    })
  })
  return { ...server, events, received: (name) => events.filter(([event]) => event === name) }
}
