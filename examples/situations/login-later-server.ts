import type { DefaultEventsMap, Server } from 'socket.io'
import { attachOnlineMessages, type OnlineMessageServer } from '../../src/server/index.ts'

export interface Person {
  readonly id: string
  readonly name: string
}

export interface SignInEvents {
  'sign-in'(token: string): void
  'sign-out'(): void
}

/** What Socket.IO keeps in `socket.data`. */
export interface SocketData {
  person?: Person | null
}

interface App {
  readonly io: Server<SignInEvents, DefaultEventsMap, DefaultEventsMap, SocketData>
  /** Returns whose token it is, `null` for a wrong one. */
  readonly findPerson: (token: string) => Promise<Person | null>
}

/** Serves people who sign in by an event of the app, on a connection that is open already. */
export function serveSignIns({ io, findPerson }: App): OnlineMessageServer {
  const online = attachOnlineMessages(io, {
    // Nobody, until somebody has signed in. Do not wait for the sign-in here: return null.
    identify: (socket) => socket.data.person ?? null,
    authorize: ({ conversation }) => conversation.group === 'team',
  })

  io.on('connection', (socket) => {
    let latestCheck = 0
    const become = (person: Person | null) => {
      socket.data.person = person
      // Asks `identify` again, now that its answer has changed.
      online.reidentify(socket)
    }

    socket.on('sign-in', (token) => {
      latestCheck++
      const check = latestCheck
      // Somebody may sign out, or in as another person, while the token is checked.
      const finish = (person: Person | null) => {
        if (check === latestCheck) become(person)
      }
      // A token that cannot be checked signs nobody in.
      findPerson(token).then(finish, () => finish(null))
    })
    socket.on('sign-out', () => {
      latestCheck++
      become(null)
    })
  })
  return online
}
