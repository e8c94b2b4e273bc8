import { isDevelopment } from '../../core/is-development.ts'
import { isFailure } from '../../core/message/failure.ts'
import type { SendFailure, SendResult } from '../../core/message/send-result.ts'
import { aborted } from '../../core/transport/aborted.ts'
import type { Welcome } from '../../core/transport/wire.ts'
import { noAnswer, offline, unreadableAnswer } from './requests.ts'
import { createServerClock, type ServerClock } from './server-clock.ts'

/** The server at the other end of this connection, as its answer to the latest hello describes it. */
export interface GreetedServer extends Welcome {
  readonly clock: ServerClock
}

/** The hello on a connection, and whatever has to wait for its answer. */
export interface Greeting {
  /** The server, while the socket is connected and the server's clock is valid. */
  server(): GreetedServer | undefined
  /** Whether a hello waits for its answer. Until then, what is shown may be stale. */
  isUnderWay(): boolean
  /** Says hello, unless a hello is under way. */
  begin(): void
  /**
   * Calls back with the server: within the call if the server is known, else as soon as a hello has been answered, or
   * with the failure that came instead. Callbacks run in the order of the calls, so that what is sent during a hello
   * is written in that order, and before everything that is sent later (T6).
   *
   * @param signal when it is aborted before, the callback gets `aborted` at once.
   */
  withServer(callback: (server: GreetedServer | SendFailure) => void, signal?: AbortSignal): void
  /** The connection has ended: what was known of the server is void, and whatever waits gets `offline`. */
  reset(): void
}

export interface GreetingOptions {
  isConnected(): boolean
  /** Writes the hello. */
  writeHello(): Promise<SendResult>
  /** Called when the server has answered, before anything that waited is written. */
  onWelcome(): void
  /** Called when the server has refused the hello: it does not know this user, or not this version. */
  onRefused(failure: SendFailure): void
  /** Called when `server()` or `isUnderWay()` may have changed. */
  onChange(): void
}

export function createGreeting(options: GreetingOptions): Greeting {
  const { isConnected, writeHello, onWelcome, onRefused, onChange } = options
  let latest: GreetedServer | undefined
  let isUnderWay = false
  const waiting = new Set<(outcome: GreetedServer | SendFailure) => void>()

  const server = () => (isConnected() && latest?.clock.isValid() ? latest : undefined)

  const finish = (outcome: GreetedServer | SendFailure) => {
    // A set also iterates over what is added meanwhile: that has to wait its turn, too.
    for (const proceed of waiting) {
      waiting.delete(proceed)
      proceed(outcome)
    }
  }

  const welcome = (answer: Welcome, askedAt: number) => {
    // The newest hello counts: clocks drift, and it is said again only when the one before is in doubt.
    latest = { ...answer, clock: createServerClock(answer.time, askedAt) }
    onWelcome()
    finish(latest)
  }
  const fail = (failure: SendFailure) => {
    latest = undefined
    if (failure === noAnswer) {
      if (isDevelopment && process.env.NODE_ENV !== 'production') console.warn(noAnswer.message)
      // The plug-in may be attached later, or by another server behind the same address.
      if (isConnected()) begin()
      finish(noAnswer)
    } else {
      finish(failure)
      onRefused(failure)
    }
  }

  const hello = async () => {
    const askedAt = performance.now()
    const answer = await writeHello()
    // The connection has ended, and `reset` has answered everybody. Another hello may be under way by now.
    if (answer === offline) return
    isUnderWay = false

    if (isFailure(answer)) fail(answer)
    else if (isWelcome(answer)) welcome(answer, askedAt)
    else fail(unreadableAnswer)
    onChange()
  }

  const begin = () => {
    if (!isUnderWay) {
      isUnderWay = true
      void hello()
    }
    onChange()
  }

  return {
    server,
    isUnderWay: () => isUnderWay,
    begin,
    withServer(callback, signal) {
      const known = server()
      if (known && waiting.size === 0) {
        callback(known)
        return
      }
      const proceed = (outcome: GreetedServer | SendFailure) => {
        signal?.removeEventListener('abort', abort)
        callback(outcome)
      }
      const abort = () => {
        waiting.delete(proceed)
        proceed(aborted)
      }
      signal?.addEventListener('abort', abort)
      waiting.add(proceed)
      begin()
    },
    reset() {
      latest = undefined
      isUnderWay = false
      finish(offline)
    },
  }
}

function isWelcome(answer: SendResult): answer is Welcome {
  if (isFailure(answer)) return false
  const { time, maxAge, maxBytes } = answer as Partial<Welcome>
  return [time, maxAge, maxBytes].every((field) => typeof field === 'number')
}
