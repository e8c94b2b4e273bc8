/** Says who somebody is, to Express and to Socket.IO: a cookie, and a session in SQLite. */
import session from 'express-session'
import type { User } from '../shared.ts'
import type { Store } from './store.ts'

declare module 'express-session' {
  interface SessionData {
    /** Who has signed in. */
    user: User
  }
}

declare module 'node:http' {
  interface IncomingMessage {
    session: session.Session & Partial<session.SessionData>
  }
}

const THIRTY_DAYS = 30 * 24 * 60 * 60 * 1000

/** Sessions outlive a restart of the server, as the messages do. */
class StoredSessions extends session.Store {
  readonly #store: Store

  constructor(store: Store) {
    super()
    this.#store = store
  }

  get(id: string, callback: (error: unknown, data?: session.SessionData | null) => void) {
    const data = this.#store.session(id)
    callback(null, data === undefined ? null : (JSON.parse(data) as session.SessionData))
  }

  set(id: string, data: session.SessionData, callback?: () => void) {
    this.#store.saveSession(id, JSON.stringify(data), Date.now() + THIRTY_DAYS)
    callback?.()
  }

  destroy(id: string, callback?: () => void) {
    this.#store.deleteSession(id)
    callback?.()
  }
}

export const createSessions = (store: Store) =>
  session({
    store: new StoredSessions(store),
    secret: store.secret,
    resave: false,
    saveUninitialized: false,
    // `lax`: pages of other sites cannot send a POST, or connect, in somebody's name.
    cookie: { maxAge: THIRTY_DAYS, sameSite: 'lax', secure: 'auto' },
  })
