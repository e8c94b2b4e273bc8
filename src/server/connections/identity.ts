import type { Socket } from 'socket.io'
import { MAX_ID_LENGTH } from '../../core/constants.ts'
import { failure } from '../../core/message/failure.ts'
import type { SendFailure } from '../../core/message/message.ts'
import { parseUser, type User } from '../../core/message/user.ts'
import type { OnlineMessageServerOptions } from '../options.ts'

const nobody = failure(
  'forbidden',
  'The server does not know whose connection this is: identify gave nobody. Sign in first.',
)

/** Asks the app whose socket it is. Whatever goes wrong there, the connection is nobody's. */
export function identify(
  ask: OnlineMessageServerOptions['identify'],
  socket: Socket,
): User | SendFailure | Promise<User | SendFailure> {
  try {
    const answer = ask(socket)
    return isThenable(answer) ? Promise.resolve(answer).then(readIdentity).catch(complain) : readIdentity(answer)
  } catch (error) {
    return complain(error)
  }
}

/** Also another library's promise. */
const isThenable = <T>(value: T | Promise<T>): value is Promise<T> =>
  typeof value === 'object' && value !== null && 'then' in value

/** Reads a user from the app: a copy of what is known, since it goes out to others. @throws TypeError on a bad id. */
export function readIdentity(answer: User | string | null | undefined): User | SendFailure {
  if (answer === null || answer === undefined) return nobody
  const given = typeof answer === 'string' ? { id: answer } : answer
  const user = parseUser(given)
  if (user) return user
  throw new TypeError(
    `A user's id has to be a string of 1 to ${MAX_ID_LENGTH} characters, not ${JSON.stringify(given.id)}.`,
  )
}

function complain(error: unknown): SendFailure {
  console.error(
    'react-online-message: identify failed, so the connection is nobody’s. Mend it so that it answers.',
    error,
  )
  return nobody
}
