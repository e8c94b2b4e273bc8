import { withCode } from '../../core/errors.ts'
import { isDevelopment } from '../../core/is-development.ts'
import { isFailure } from '../../core/message/failure.ts'
import type { SendFailure, SendResult } from '../../core/message/send-result.ts'
import { notConnected } from '../../core/transport/not-connected.ts'
import type { Welcome } from '../../core/transport/wire.ts'
import { noAnswer, tooSlow, unreadableAnswer } from './failures.ts'
import { GOOD_ERROR_SHARE, isHelloDue, isOverdue, isRetryDue, MAX_ERROR_SHARE, QUICK_HELLOS } from './hello-schedule.ts'
import { createServerClock, type LocalClocks, type ServerClock } from './server-clock.ts'
import { createWaitingCalls } from './waiting-calls.ts'

/** The server at the other end of this connection, as its answer to the latest hello describes it. */
export interface GreetedServer extends Welcome {
  readonly clock: ServerClock
}

/** The hellos on a connection, and whatever has to wait for their answers. */
export interface Greeting {
  /**
   * The server, while it is known who the connection belongs to and the error bound of its clock is at most a quarter of
   * `maxAge` (K1).
   */
  server(): GreetedServer | undefined
  /** Whether the server takes subscriptions: it has answered a hello. */
  isWelcome(): boolean
  /** Whether the connection has lost its user, and no hello has been answered since then (I1). */
  hasLostIdentity(): boolean
  /** Says hello if one is due. Called once a second, and whenever one may be due. */
  check(): void
  /** Something has come too late: says hello, at most once in 5 s, and subscribes again with the answer (K2). */
  doubtSubscriptions(): void
  /** The server takes this clock for wrong: says hello, at most once in 5 s (K3). */
  doubtClock(): void
  /** The connection belongs to another user now, or to nobody (I1). */
  loseIdentity(): void
  /** Says hello again if the server has refused the latest one: somebody may have logged in meanwhile. */
  retry(): void
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
  readonly clocks: LocalClocks
  isConnected(): boolean
  /** Writes a hello. The answer may come after any time, or never. */
  writeHello(onAnswer: (answer: SendResult) => void): void
  /** Called when all subscriptions have to be written, before anything that waited is. */
  onWelcome(): void
  /** Called when the server has refused the hello: it does not know this user, or not this version. */
  onRefused(failure: SendFailure): void
  /** Called when `server()` or `hasLostIdentity()` may have changed. */
  onChange(): void
}

/** The machine behind K1 to K3, for one connection after another. It has no timer: `check` says hello when one is due. */
export function createGreeting(options: GreetingOptions): Greeting {
  const { clocks, isConnected, writeHello, onWelcome, onRefused, onChange } = options
  const clock = createServerClock(clocks)
  const waiting = createWaitingCalls<GreetedServer>()
  const warned = new Set<SendFailure>()

  let greeted: GreetedServer | undefined
  let latestHello = 0
  let askedAt = 0
  let isUnderWay = false
  let quickHellosLeft = QUICK_HELLOS
  let isSubscribed = false
  let isRefused = false
  let isClockDoubted = false
  let isIdentityLost = false

  const isWelcome = () => greeted !== undefined && isConnected() && !isIdentityLost
  const errorShare = () => (greeted ? clock.errorBound() / greeted.maxAge : Infinity)
  const server = () => (isWelcome() && errorShare() <= MAX_ERROR_SHARE ? greeted : undefined)
  const sinceHello = () => clocks.steadyNow() - askedAt

  const warnOnce = (failure: SendFailure) => {
    if (isDevelopment && process.env.NODE_ENV !== 'production') {
      if (!warned.has(failure)) console.warn(withCode(failure.code, failure.message))
      warned.add(failure)
    }
  }

  const helloState = () => ({
    isGoodEnough: server() !== undefined && isSubscribed && !isClockDoubted,
    errorShare: errorShare(),
    quickHellosLeft,
    sinceHello: sinceHello(),
  })

  const sayHello = () => {
    latestHello++
    const hello = latestHello
    askedAt = clocks.steadyNow()
    isUnderWay = true
    if (quickHellosLeft > 0) quickHellosLeft--
    const finishMeasurement = clock.startMeasurement()

    writeHello((answer) => {
      // An answer to an earlier hello, which was not waited for any longer, counts as well.
      if (hello === latestHello) isUnderWay = false
      if (isFailure(answer)) refuse(answer)
      else if (isWelcomeAnswer(answer)) accept(answer, finishMeasurement)
      else refuse(unreadableAnswer)
      onChange()
    })
  }

  const accept = (answer: Welcome, finishMeasurement: (serverTime: number) => boolean) => {
    const isMeasured = finishMeasurement(answer.time)
    if (!isMeasured && !server()) startOver()
    greeted = { ...answer, clock }
    isRefused = false
    isClockDoubted = false
    isIdentityLost = false
    if (errorShare() <= GOOD_ERROR_SHARE) quickHellosLeft = 0

    const known = server()
    if (known) {
      if (!isSubscribed) onWelcome()
      isSubscribed = true
      waiting.finish(known)
    }
    check()
  }

  const refuse = (failure: SendFailure) => {
    const wasRefused = isRefused
    greeted = undefined
    isSubscribed = false
    isRefused = true
    waiting.finish(failure)
    if (!wasRefused) onRefused(failure)
  }

  /** The clock is void. What waits may have waited while the device slept, and nobody knows for how long. */
  const startOver = () => {
    clock.reset()
    quickHellosLeft = QUICK_HELLOS
    waiting.finish(notConnected)
  }

  /** Nobody waits any longer for an answer that has not come. If it comes later, it counts all the same. */
  const giveUp = () => {
    isUnderWay = false
    const failure = greeted ? tooSlow : noAnswer
    if (!server()) warnOnce(failure)
    waiting.finish(failure)
  }

  const check = () => {
    if (!isConnected()) return
    if (clock.hasJumped()) startOver()
    if (!server()) isSubscribed = false

    if (isUnderWay && isOverdue(sinceHello())) giveUp()
    if (isUnderWay || isRefused) return
    if (isHelloDue(helloState())) {
      // The plug-in may be attached later, or by another server behind the same address.
      sayHello()
    } else if (!server()) {
      warnOnce(tooSlow)
      waiting.finish(tooSlow)
    }
  }

  /** T9: a jump of the clock that nobody has noticed before changes the state as well. */
  const checkAndNotify = () => {
    check()
    onChange()
  }

  const reset = () => {
    clock.reset()
    greeted = undefined
    isUnderWay = false
    quickHellosLeft = QUICK_HELLOS
    isSubscribed = false
    isRefused = false
    isClockDoubted = false
    isIdentityLost = false
    waiting.finish(notConnected)
  }

  return {
    server,
    isWelcome,
    hasLostIdentity: () => isIdentityLost,
    check: checkAndNotify,
    doubtSubscriptions() {
      isSubscribed = false
      checkAndNotify()
    },
    doubtClock() {
      isClockDoubted = true
      checkAndNotify()
    },
    loseIdentity() {
      isIdentityLost = true
      isSubscribed = false
      isRefused = false
      if (isConnected() && !isUnderWay) sayHello()
      onChange()
    },
    retry() {
      if (isRefused && !isUnderWay && isConnected() && isRetryDue(sinceHello())) sayHello()
    },
    withServer(callback, signal) {
      const known = server()
      if (known && waiting.isEmpty()) {
        callback(known)
        return
      }
      if (!isConnected()) {
        callback(notConnected)
        return
      }
      if (clock.hasJumped()) startOver()
      waiting.add(callback, signal)
      if (isRefused && !isUnderWay) sayHello()
      else checkAndNotify()
    },
    reset,
  }
}

function isWelcomeAnswer(answer: SendResult): answer is Welcome {
  if (isFailure(answer)) return false
  const { time, maxAge, maxBytes } = answer as Partial<Welcome>
  return [time, maxAge, maxBytes].every((field) => typeof field === 'number')
}
