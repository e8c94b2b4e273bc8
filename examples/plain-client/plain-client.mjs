/* A client of react-online-message without any library, for browsers and for Node. It was written from PROTOCOL.md:
   "rule 2", S1, K2 … are those of that page. All durations are in milliseconds. */
import { ServerClock } from './server-clock.mjs'
import { SocketConnection } from './socket-connection.mjs'

const LEASE_TTL = 7000
const RENEWAL_INTERVAL = 5000
const IDLE_TIMEOUT = 4000
const TYPING_UPDATE_LIFE = 90_000
const ANSWER_TIMEOUT = 5000
const HELLO_INTERVAL = 5000
const QUICK_HELLOS = 5
const SIGN_IN_CHECK_INTERVAL = 25_000
const CLOCK_CHECK_INTERVAL = 1000
const ENDING_MEMORY = 10_000
const ACTIVITIES = ['typing', 'recording', 'photo', 'video', 'file', 'sticker', 'thinking']

const now = () => performance.now()
const isObject = (value) => typeof value === 'object' && value !== null
const isRefusal = (value) => isObject(value) && value.ok === false
const isUser = (value) => isObject(value) && typeof value.id === 'string' && value.id.length > 0
const sessionOf = (typist) => JSON.stringify([typist.id, typist.since])
const failure = (code, message) => ({ ok: false, code, message })
const noAnswer = failure('timeout', 'No answer.')

/** Subscribes to one conversation and types there. `report(kind, details)` is called with whatever happens. */
export class PlainClient {
  constructor({ url, auth = {}, conversation, report }) {
    Object.assign(this, { conversation, report, timers: {}, state: 'connecting', clock: new ServerClock() })
    Object.assign(this, { typists: [], total: 0, shown: '[0,[]]', clearedSessions: new Set(), endings: [] })
    this.socket = new SocketConnection({
      url,
      auth,
      onConnect: () => this.startConnection(),
      onEvent: (event) => this.receiveEvent(event),
      onEnd: (isClosed) => this.endConnection(isClosed),
    })
  }
  after(name, milliseconds, run) {
    clearTimeout(this.timers[name])
    this.timers[name] = setTimeout(run, milliseconds)
  }
  cancel(...names) {
    for (const name of names) clearTimeout(this.timers[name])
  }

  // The connection, its state, and the server's clock (rules 1 to 3, K1 to K3) ---------------------------------------

  startConnection() {
    Object.assign(this, { clock: new ServerClock(), hellos: 0 })
    this.sayHello()
  }
  endConnection(isClosed) {
    this.cancel('hello')
    // The lease ended with the connection (rule 4). If typing goes on, the next connection takes another one.
    if (this.session) this.session.hasLease = false
    if (isClosed) this.endSession()
    this.goOffline(isClosed ? 'offline' : 'connecting')
  }
  disconnect() {
    // The lease ends with the connection.
    this.endSession()
    this.socket.close()
  }
  sayHello() {
    if (this.clock.hasJumped()) this.clock = new ServerClock()
    const { clock } = this
    const askedAt = (this.latestHello = now())
    this.hellos++
    this.after('hello', ANSWER_TIMEOUT, () => this.sayHello())
    this.socket.emit(['om:hello', 1], (answer) => {
      // Otherwise the answer belongs to an earlier connection, identity, or time.
      if (clock === this.clock && this.socket.isConnected) this.receiveHelloAnswer(answer, askedAt)
    })
  }
  /** For what others may cause: never more often than once in 5 s. */
  sayHelloSoon() {
    if (this.socket.isConnected) this.after('hello', this.latestHello + HELLO_INTERVAL - now(), () => this.sayHello())
  }
  receiveHelloAnswer(answer, askedAt) {
    const isLatest = askedAt === this.latestHello
    if (!isObject(answer) || answer.ok !== true || !Number.isFinite(answer.time)) {
      this.report('refused', { refusal: answer })
      if (!isLatest) return
      this.cancel('hello')
      this.goOffline('connecting')
      if (answer?.code === 'forbidden') this.after('hello', SIGN_IN_CHECK_INTERVAL, () => this.sayHello())
      return
    }
    if (this.clock.hasJumped()) return this.sayHello()
    this.server = { maxAge: 2000, maxBytes: 4096, ...answer }
    this.clock.measure(answer.time, askedAt)
    if (this.isClockGood()) return this.goOnline()
    this.goOffline('connecting')
    if (isLatest && this.hellos < QUICK_HELLOS) this.sayHello()
    else if (isLatest) this.sayHelloSoon()
  }
  isClockGood() {
    return !this.clock.hasJumped() && this.clock.errorBound() <= this.server.maxAge / 4
  }
  isOnline() {
    if (this.state === 'online' && !this.isClockGood()) {
      this.goOffline('connecting')
      this.sayHello()
    }
    return this.state === 'online'
  }
  goOnline() {
    const wasOnline = this.state === 'online'
    this.hellos = 0
    this.cancel('hello')
    this.setState('online')
    // After a hello that only makes the clock better, the subscription is still there.
    if (!this.isSubscribed) this.socket.emit(['om:subscribe', [this.conversation]])
    this.isSubscribed = true
    if (this.session && !wasOnline) this.renewLease()
    this.after('check', CLOCK_CHECK_INTERVAL, () => this.checkClock())
    this.after('measure', this.clock.timeUntilUncertain(this.server.maxAge / 4), () => this.sayHelloSoon())
  }
  checkClock() {
    if (this.isOnline()) this.after('check', CLOCK_CHECK_INTERVAL, () => this.checkClock())
  }
  goOffline(state) {
    this.cancel('check', 'measure')
    this.isSubscribed = false
    this.setState(state)
    this.setTypists([], 0)
  }
  setState(state) {
    if (state !== this.state) this.report('connection', { state })
    this.state = state
  }

  // What others do (rules 2, 5 and 6) --------------------------------------------------------------------------------

  receiveEvent([event, stamp, conversation, first, second, third]) {
    if (event === 'om:identity') this.startAgain()
    if (typeof stamp !== 'number' || !this.isOwn(conversation) || !this.isOnline()) return
    const isExpired = this.clock.serverTime().most - stamp > this.server.maxAge
    if (event === 'om:refused' && isRefusal(first)) {
      this.setTypists([], 0)
      this.report('refused', { refusal: first })
    } else if (event === 'om:typists' && typeof first === 'number' && Array.isArray(second)) {
      if (!isExpired) return this.receiveTypingUpdate(first, second.filter(isUser))
      this.setTypists([], 0)
      this.isSubscribed = false
      this.sayHelloSoon()
    } else if (event === 'om:message' && typeof first === 'string' && typeof second === 'string' && isUser(third)) {
      if (!isExpired) this.receiveMessage({ command: first, text: second, from: third })
    }
  }
  receiveMessage({ command, text, from }) {
    let data
    try {
      data = JSON.parse(text)
    } catch {
      // What is not JSON comes only from a hostile sender, and counts as no data.
    }
    this.report('message', { command, data, from })
  }
  /** This connection is somebody else's now: I1. */
  startAgain() {
    this.endSession()
    this.goOffline('offline')
    this.sayHello()
  }
  receiveTypingUpdate(total, typists) {
    const named = new Set(typists.map(sessionOf))
    for (const typist of this.typists) {
      const hasEnded = !named.has(sessionOf(typist)) && !this.clearedSessions.has(sessionOf(typist))
      if (hasEnded) this.endings.push({ user: typist.id, at: now() })
    }
    this.setTypists(typists, Number.isInteger(total) ? Math.max(total, typists.length) : typists.length)
    this.after('expiry', TYPING_UPDATE_LIFE, () => this.setTypists([], 0))
  }
  setTypists(typists, total) {
    const named = new Set(typists.map(sessionOf))
    for (const session of this.clearedSessions) if (!named.has(session)) this.clearedSessions.delete(session)
    Object.assign(this, { typists, total })
    this.showTypists()
  }
  /** Call it when a chat message of this user arrives: it ends the typing that led to it, and no other (R6). */
  clearTypist(user) {
    this.endings = this.endings.filter(({ at }) => now() - at <= ENDING_MEMORY)
    const ending = this.endings.find((each) => each.user === user)
    if (ending) return this.endings.splice(this.endings.indexOf(ending), 1)
    for (const typist of this.typists) if (typist.id === user) this.clearedSessions.add(sessionOf(typist))
    this.showTypists()
  }
  showTypists() {
    const visible = this.typists.filter((typist) => !this.clearedSessions.has(sessionOf(typist)))
    const total = this.total - (this.typists.length - visible.length)
    const activityOf = ({ activity }) => (ACTIVITIES.includes(activity) ? activity : 'typing')
    const typists = visible.map((typist) => ({ id: typist.id, name: typist.name, activity: activityOf(typist) }))
    const shown = JSON.stringify([total, typists])
    if (shown !== this.shown) this.report('shown', { typists, total })
    this.shown = shown
  }
  isOwn(conversation) {
    const isSame = (field) => conversation[field] === this.conversation[field]
    return isObject(conversation) && ['user', 'group', 'thread'].every(isSame)
  }

  // What is typed here (rule 4, S1 to S9) ----------------------------------------------------------------------------

  /** The earliest that the server's time can be, so that nobody takes the message for younger than it is. */
  stamp() {
    return Math.floor(this.clock.serverTime().least)
  }
  keystroke() {
    this.after('idle', IDLE_TIMEOUT, () => this.endTyping())
    if (this.session) return
    this.session = { hasLease: false, isForbidden: false }
    this.renewLease()
  }
  renewLease() {
    const { session } = this
    this.after('renewal', RENEWAL_INTERVAL, () => this.renewLease())
    if (!this.isOnline() || session.isForbidden) return
    const hadLease = session.hasLease
    session.hasLease = true
    this.socket.emit(['om:lease', this.stamp(), LEASE_TTL, 'typing', this.conversation], (refusal) => {
      if (!isRefusal(refusal)) return
      session.isForbidden = refusal.code === 'forbidden'
      session.hasLease = hadLease && !session.isForbidden
      if (refusal.code === 'timeout') this.sayHelloSoon()
      if (refusal.code !== 'offline') this.report('refused', { refusal })
    })
  }
  /** Ends the session, and releases its lease. */
  endTyping() {
    const hadLease = this.session?.hasLease
    this.endSession()
    if (hadLease && this.socket.isConnected)
      this.socket.emit(['om:lease', this.stamp(), 0, 'typing', this.conversation])
  }
  endSession() {
    this.cancel('idle', 'renewal')
    this.session = undefined
  }
  send(command, data) {
    // Typing ends before the message arrives.
    this.endTyping()
    const text = data === undefined ? '' : JSON.stringify(data)
    const report = (answer) => this.report('sent', { answer })
    if (!this.isOnline()) return report(failure('offline', 'Nothing is queued.'))
    if (new TextEncoder().encode(text).length > this.server.maxBytes) return report(failure('too-large', 'Send less.'))
    const id = this.socket.emit(['om:send', this.stamp(), command, text, this.conversation, 'normal'], (answer) => {
      clearTimeout(timeout)
      report(answer)
      if (isRefusal(answer) && answer.code === 'timeout' && answer !== noAnswer) this.sayHelloSoon()
    })
    const timeout = setTimeout(() => this.socket.receiveAnswer(id, noAnswer), ANSWER_TIMEOUT)
  }
}
