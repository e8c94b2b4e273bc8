import type { Socket } from 'socket.io'
import { withCode } from '../../core/errors.ts'
import { failure } from '../../core/message/failure.ts'
import type { SendFailure } from '../../core/message/send-result.ts'
import { parseUser, type User } from '../../core/message/user.ts'
import { givenId, idError } from '../id-error.ts'
import type { OnlineMessageServerOptions } from '../options.ts'
import { isThenable } from '../thenable.ts'

const notIdentified = failure(
  'forbidden',
  'The server does not know whose connection this is: identify returned no user. Sign in first. After a sign-in on an open connection, call reidentify on the server.',
)

/** Nothing of the error itself: it may hold what a client must not know. */
const identifyFailed = failure(
  'forbidden',
  "The server could not find out whose connection this is: its identify failed. Look at the server's log.",
)

/** Asks the app whose connection a socket is. Whatever goes wrong in the app, the connection has no user. */
export function identify(
  ask: OnlineMessageServerOptions['identify'],
  socket: Socket,
): User | SendFailure | Promise<User | SendFailure> {
  try {
    const answer = ask(socket)
    if (!isThenable(answer)) return parseAnswer(answer)
    return Promise.resolve(answer).then(parseAnswer).catch(fail)
  } catch (error) {
    return fail(error)
  }
}

const parseAnswer = (answer: User | string | null | undefined): User | SendFailure =>
  answer === null || answer === undefined ? notIdentified : parseAppUser(answer, 'identify gave')

/**
 * Parses a user from the app. The result is a new object with the known fields only, because it is sent to others.
 *
 * @param origin who gave it, with the verb.
 * @throws TypeError when the id is not a string of 1 to 256 characters.
 */
export function parseAppUser(given: User | string, origin: string): User {
  const user = parseUser(typeof given === 'string' ? { id: given } : given)
  if (!user) throw idError(origin, givenId(given))
  return user
}

function fail(error: unknown): SendFailure {
  console.error(
    withCode(
      'identify-failed',
      'identify failed, so the connection has no user and may do nothing. Fix it so that it returns a user or null.',
    ),
    error,
  )
  return identifyFailed
}
