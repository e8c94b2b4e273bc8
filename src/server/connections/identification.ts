import { ANSWER_TIMEOUT } from '../../core/constants.ts'
import { withCode } from '../../core/errors.ts'
import type { SendFailure } from '../../core/message/send-result.ts'
import type { User } from '../../core/message/user.ts'
import { serverNow } from '../clock.ts'
import type { Settings } from '../options.ts'
import { type Connection, enqueue, type Question } from './connection.ts'
import { identify } from './identity.ts'

/** Least time between two calls of `identify` that one rejected connection can cause, in milliseconds. */
const ASK_AGAIN_AFTER = 1000

/** How long `identify` may take before the server warns, in milliseconds: by then the client has given up its hello. */
const SLOW_AFTER = ANSWER_TIMEOUT

/** Is called with the answer to the latest question about a connection, and with no other answer. */
export type OnAnswer = (question: Question, answer: User | SendFailure) => void

/** Asks the app whose a connection is, at its beginning and whenever that may have changed (I1). */
export interface Identification {
  /** Asks about a new connection. What arrives before the answer waits for it. */
  begin(connection: Connection): void
  /** Asks again, at once. Until the answer, an identified connection stays what it is. */
  again(connection: Connection): void
  /**
   * A client says hello. A connection that was rejected is asked about again, at most once a second however long
   * `identify` takes: its user may have signed in meanwhile.
   */
  onHello(connection: Connection): void
  /** A user has been reidentified: an answer under way that names this user is asked for again. */
  doubt(userId: string): void
}

export function createIdentification(settings: Settings, onAnswer: OnAnswer): Identification {
  /** The questions to which the app has not answered yet. */
  const open = new Set<Question>()
  /** One warning is enough: an `identify` that waits for something waits on every connection. */
  let hasWarned = false

  /**
   * Whoever waits for an earlier question goes on with the answer to this one: the app may never answer the earlier one.
   *
   * @returns a promise only if the app has to think, and nobody waits already.
   */
  function ask(connection: Connection, tellsClient: boolean): void | Promise<void> {
    const question: Question = {
      connection,
      askedAt: serverNow(),
      tellsClient,
      doubtful: new Set(),
      release: connection.question?.release,
    }
    connection.question = question
    open.add(question)
    const answer = identify(settings.identify, connection.socket)
    if (!(answer instanceof Promise)) {
      receive(question, answer)
      return
    }
    void answer.then((user) => receive(question, user))
    warnWhenSlow(question, answer)
    if (question.release) return
    return new Promise((resolve) => {
      question.release = resolve
    })
  }

  function warnWhenSlow(question: Question, answer: Promise<unknown>): void {
    if (hasWarned) return
    const { connection } = question
    const timer = setTimeout(() => {
      const isWaiting = connection.question === question && connection.socket.connected
      if (!isWaiting || hasWarned) return
      hasWarned = true
      console.warn(
        withCode(
          'identify-slow',
          `identify has not answered for ${SLOW_AFTER} ms, and everything that the connection sends waits for it. If it waits for a sign-in, return null in place of waiting, and call reidentify(socket) after the sign-in.`,
        ),
      )
    }, SLOW_AFTER)
    // A process that has nothing else to do may end.
    timer.unref()
    void answer.then(() => clearTimeout(timer))
  }

  function receive(question: Question, answer: User | SendFailure): void {
    const { connection, doubtful, tellsClient } = question
    open.delete(question)
    // Only the latest answer counts.
    if (connection.question !== question) return
    if ('id' in answer && doubtful.has(answer.id)) {
      void ask(connection, tellsClient)
      return
    }
    connection.question = undefined
    onAnswer(question, answer)
    question.release?.()
  }

  function askInOrder(connection: Connection, tellsClient: boolean): void {
    enqueue(connection, () => ask(connection, tellsClient))
  }

  return {
    begin: (connection) => askInOrder(connection, false),
    again(connection) {
      // While the connection has a user, nothing waits for the answer; while a question is open, everything does.
      const isAskedAtOnce = connection.device !== undefined || connection.question !== undefined
      if (isAskedAtOnce) void ask(connection, connection.question?.tellsClient ?? true)
      else askInOrder(connection, true)
    },
    onHello(connection) {
      const { rejection, question } = connection
      if (!rejection || question) return
      // The answer to the hello says who the connection is: no event has to.
      if (serverNow() - rejection.askedAt >= ASK_AGAIN_AFTER) askInOrder(connection, false)
    },
    doubt(userId) {
      for (const { doubtful } of open) doubtful.add(userId)
    },
  }
}
