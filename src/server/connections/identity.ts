import type { Socket } from 'socket.io'
import { MAX_ID_LENGTH } from '../../core/constants.ts'
import { failure } from '../../core/message/failure.ts'
import type { SendFailure } from '../../core/message/send-result.ts'
import { parseUser, type User } from '../../core/message/user.ts'
import type { OnlineMessageServerOptions } from '../options.ts'
import { isThenable } from '../thenable.ts'

const notIdentified = failure(
  'forbidden',
  'The server does not know whose connection this is: identify returned no user. Sign in first.',
)

/** Asks the app whose connection a socket is. Whatever goes wrong in the app, the connection has no user. */
export function identify(
  ask: OnlineMessageServerOptions['identify'],
  socket: Socket,
): User | SendFailure | Promise<User | SendFailure> {
  try {
    const answer = ask(socket)
    if (!isThenable(answer)) return parseIdentity(answer)
    return Promise.resolve(answer).then(parseIdentity).catch(reject)
  } catch (error) {
    return reject(error)
  }
}

/**
 * Parses a user from the app. The result is a new object with the known fields only, because it is sent to others.
 *
 * @throws TypeError when the id is not a string of 1 to 256 characters.
 */
export function parseIdentity(answer: User | string | null | undefined): User | SendFailure {
  if (answer === null || answer === undefined) return notIdentified
  const candidate = typeof answer === 'string' ? { id: answer } : answer
  const user = parseUser(candidate)
  if (user) return user
  throw new TypeError(
    `A user's id is ${JSON.stringify(candidate.id)}. Give a string of 1 to ${MAX_ID_LENGTH} characters.`,
  )
}

function reject(error: unknown): SendFailure {
  console.error(
    'react-online-message: identify failed, so the connection has no user and may do nothing. Fix it so that it returns a user or null.',
    error,
  )
  return notIdentified
}
