/** What the scripted server plays. Each scenario has a server and a client of its own. */
import { ANN, refusal, type Received, type Stage } from './stage.ts'

export interface Scenario {
  readonly name: string
  /** The rules of PROTOCOL.md that it checks. */
  readonly rules: string
  /** Whether the client has to take commands: without a program under test, it is left out. */
  readonly needsCommands?: true
  play(stage: Stage): Promise<void>
}

const KEYS = { do: 'keys', text: 'x' }
const STOP = { do: 'stop' }
const SEND = { do: 'send', command: 'wave', data: 'hello' }

const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

function check(condition: boolean, problem: string): void {
  if (!condition) throw new Error(problem)
}

/** Waits for a lease, or for a release with a `ttl` of 0, and checks its fields. */
async function nextLease(stage: Stage, kind: 'taken' | 'released', within?: number): Promise<Received> {
  const lease = await stage.next('om:lease', within)
  const [stamp, ttl, , conversation] = lease.args
  const what = JSON.stringify(lease.args)
  check(JSON.stringify(conversation) === JSON.stringify(ANN), `The lease is for another conversation: ${what}.`)
  check(kind === 'taken' ? ttl === 7000 : ttl === 0, `The lease has to be ${kind}: ${what}.`)
  const age = stage.now() - Number(stamp)
  check(Number.isInteger(stamp) && age >= -1 && age < 1500, `The stamp is not the server's time: ${what}, ${age} ms old.`)
  return lease
}

const typist = (id: string, since = 1) => ({ id, since })

/** Values that are wrong in most places. */
const nonsense = [null, 7, -1, 1e300, 'text', true, [], {}, [null], { user: 7 }, { user: 'cy' }]

export const scenarios: readonly Scenario[] = [
  {
    name: 'a server that is as it should be',
    rules: 'Rules 1 and 5: hello, subscribe, typists in their order; R2: what changes nothing is not shown again',
    async play(stage) {
      await stage.bringOnline()
      stage.update([typist('cy', 9), typist('bob', 5)], 3)
      await stage.shows(['cy', 'bob'], 3)
      const count = stage.countShown()
      for (let time = 0; time < 3; time++) stage.update([typist('cy', 9), typist('bob', 5)], 3)
      stage.message('"hello"')
      await stage.prints('message', { command: 'wave', data: 'hello', from: { id: 'ann' } })
      check(stage.countShown() === count, 'R2: the same update again has to print nothing.')
      stage.update([])
      await stage.shows([])
      await stage.staysQuiet(500)
    },
  },
  {
    name: 'a hello that is answered late',
    rules: 'K1: an answer that took 1500 ms leaves the clock too uncertain; the client asks again',
    async play(stage) {
      const hello = await stage.next('om:hello', 20_000)
      const welcome = stage.welcome()
      await sleep(1500)
      hello.answer(welcome)
      const again = await stage.next('om:hello')
      await stage.isOnline(false)
      again.answer(stage.welcome())
      await stage.isOnline(true)
      await stage.next('om:subscribe')
    },
  },
  {
    name: 'no plug-in on the server',
    rules: 'Rule 1: without an answer nothing is sent but a hello every 5 s',
    async play(stage) {
      const hello = await stage.next('om:hello', 20_000)
      stage.run(KEYS)
      const again = await stage.next('om:hello', 8000)
      const waited = again.at - hello.at
      check(waited > 4500, `The client has to wait 5 s for the answer to a hello, and has waited ${Math.round(waited)} ms.`)
      await stage.staysQuiet(1000)
      await stage.isOnline(false)
      // With a smaller maxAge, the clock would be too uncertain after this second.
      again.answer(stage.welcome({ maxAge: 8000 }))
      await stage.isOnline(true)
    },
  },
  {
    name: 'a welcome without a time',
    rules: 'Rule 6: an answer that is no welcome makes nobody online',
    async play(stage) {
      const hello = await stage.next('om:hello', 20_000)
      hello.answer({ ok: true, version: 1, time: 'now', maxAge: 2000, maxBytes: 4096 })
      await sleep(1000)
      await stage.isOnline(false)
    },
  },
  {
    name: 'a stranger who signs in',
    rules: 'I1: a hello that is forbidden, then om:identity',
    async play(stage) {
      const hello = await stage.next('om:hello', 20_000)
      hello.answer(refusal('forbidden'))
      stage.run(KEYS)
      await stage.staysQuiet(1000)
      await stage.isOnline(false)
      stage.send('om:identity', stage.now())
      const again = await stage.next('om:hello')
      again.answer(stage.welcome())
      await stage.isOnline(true)
      await stage.next('om:subscribe')
    },
  },
  {
    name: 'stale messages',
    rules: 'K2: they are dropped, and nothing else happens',
    async play(stage) {
      await stage.bringOnline()
      stage.update([typist('ann')])
      await stage.shows(['ann'])
      const count = stage.countShown()
      for (let time = 0; time < 20; time++) stage.message('"late"', 2500)
      await stage.staysQuiet(6000)
      check(stage.countMessages() === 0, 'A stale message was delivered.')
      check(stage.countShown() === count, 'A stale message changed what is shown.')
    },
  },
  {
    name: 'stale typing updates',
    rules: 'K2: the client forgets the typists and says hello, once in 5 s at most; then it subscribes again',
    async play(stage) {
      await stage.bringOnline()
      await sleep(5500)
      stage.update([typist('ann')])
      await stage.shows(['ann'])
      for (let time = 0; time < 5; time++) stage.update([typist('ann'), typist('cy')], 2, 2500)
      const hello = await stage.next('om:hello')
      await stage.shows([])
      hello.answer(stage.welcome())
      await stage.next('om:subscribe')
      stage.update([typist('ann'), typist('cy')], 2, 2500)
      await stage.staysQuiet(3500)
    },
  },
  {
    name: 'malformed fields in every event',
    rules: 'Rule 6: ignore a field of the wrong type',
    async play(stage) {
      await stage.bringOnline()
      stage.update([typist('ann')])
      await stage.shows(['ann'])
      const count = stage.countShown()
      const { send, now } = stage
      for (const value of nonsense) {
        for (const event of ['om:message', 'om:typists', 'om:refused']) {
          send(event)
          send(event, String(now()), ANN, value, value, value)
          send(event, now(), value, value, value, value)
        }
        send('om:message', now(), ANN, value, '1', value)
        send('om:message', now(), ANN, 'wave', value, value)
        send('om:typists', now(), ANN, String(value), [typist('cy')])
        if (!Array.isArray(value)) send('om:typists', now(), ANN, 1, value)
        send('om:refused', now(), ANN, value)
      }
      await stage.staysQuiet(1000)
      check(stage.countMessages() === 0, 'A malformed message was delivered.')
      check(stage.countShown() === count, 'A malformed event changed what is shown.')
      stage.update([null as unknown as object, { id: 7 }, { id: 'ann', name: 7, since: 'then' }, typist('cy')], 2)
      await stage.shows(['ann', 'cy'])
      stage.message('{not JSON')
      await stage.prints('message', { command: 'wave' })
    },
  },
  {
    name: 'what a later version may add',
    rules: 'Versions: unknown events, fields, arguments, activities and codes',
    async play(stage) {
      const hello = await stage.next('om:hello', 20_000)
      hello.answer(stage.welcome({ mood: { any: 'thing' } }))
      await stage.isOnline(true)
      await stage.next('om:subscribe')
      const { send, now } = stage
      send('om:future', now(), ANN, { any: 'thing' })
      send('om:typists', now(), { ...ANN, color: 'red' }, 1, [{ ...typist('ann'), activity: 'juggling', mood: 1 }], {})
      await stage.shows(['ann'])
      await stage.prints('shown', { typists: [{ id: 'ann', activity: 'typing' }] })
      send('om:message', now(), ANN, 'wave', '1', { id: 'ann', mood: 'any' }, { any: 'thing' })
      await stage.prints('message', { command: 'wave', data: 1 })
      send('om:refused', now(), ANN, refusal('asleep'), { any: 'thing' })
      await stage.shows([])
      await stage.staysQuiet(500)
    },
  },
  {
    name: 'a subscription that ends',
    rules: 'Refused: the typists are forgotten; the client subscribes again on the next connection only',
    async play(stage) {
      await stage.bringOnline()
      stage.update([typist('ann')])
      await stage.shows(['ann'])
      stage.send('om:refused', stage.now(), ANN, refusal('forbidden'))
      await stage.shows([])
      await stage.staysQuiet(2000)
      await stage.breakConnection()
      await stage.bringOnline()
    },
  },
  {
    name: 'a session of typing',
    rules: 'S1: the first key takes a lease; S2: renewed after 5 s; S3: released 4 s after the last key',
    needsCommands: true,
    async play(stage) {
      await stage.bringOnline()
      stage.run(KEYS)
      const first = await nextLease(stage, 'taken')
      for (let time = 0; time < 3; time++) {
        await sleep(1500)
        stage.run(KEYS)
      }
      const lastKey = performance.now()
      const renewal = await nextLease(stage, 'taken')
      const between = renewal.at - first.at
      check(between > 4500 && between < 6500, `S2: renewed after ${Math.round(between)} ms instead of 5000.`)
      const release = await nextLease(stage, 'released', 6000)
      const idle = release.at - lastKey
      check(idle > 3500 && idle < 5500, `S3: released ${Math.round(idle)} ms after the last key instead of 4000.`)
      await stage.staysQuiet(500)
    },
  },
  {
    name: 'a message while typing',
    rules: 'S4: stop releases once; the lease is released before the message; codes reach the app',
    needsCommands: true,
    async play(stage) {
      await stage.bringOnline()
      stage.run(KEYS)
      await nextLease(stage, 'taken')
      stage.run(STOP)
      await nextLease(stage, 'released')
      stage.run(STOP)
      await stage.staysQuiet(500)
      for (const answer of [{ ok: true }, refusal('rate-limited'), refusal('asleep')]) {
        stage.run(KEYS)
        await nextLease(stage, 'taken')
        stage.run(SEND)
        await nextLease(stage, 'released')
        const sent = await stage.next('om:send')
        const [, command, data, conversation] = sent.args
        check(
          command === 'wave' && data === '"hello"' && JSON.stringify(conversation) === JSON.stringify(ANN),
          `The message has other fields: ${JSON.stringify(sent.args)}.`,
        )
        sent.answer(answer)
        await stage.prints('sent', { answer })
      }
      await stage.staysQuiet(1000)
    },
  },
  {
    name: 'a message that is never answered',
    rules: 'Send: it fails with timeout after 5 s, and is not repeated',
    needsCommands: true,
    async play(stage) {
      await stage.bringOnline()
      stage.run(SEND)
      const sent = await stage.next('om:send')
      await stage.prints('sent', { answer: { ok: false, code: 'timeout' } }, 8000)
      const waited = performance.now() - sent.at
      check(waited > 4500, `The client has to wait 5 s for the answer, and has waited ${Math.round(waited)} ms.`)
    },
  },
  {
    name: 'a refusal for age',
    rules: 'K3: the client checks its clock, and repeats nothing',
    needsCommands: true,
    async play(stage) {
      await stage.bringOnline()
      stage.run(SEND)
      const sent = await stage.next('om:send')
      sent.answer(refusal('timeout'))
      await stage.prints('sent', { answer: { ok: false, code: 'timeout' } })
      const hello = await stage.next('om:hello', 7000)
      hello.answer(stage.welcome())
      await stage.isOnline(true)
    },
  },
  {
    name: 'a forbidden lease in the middle of typing',
    rules: 'S8: not asked for again in this session, and not released; the next session asks',
    needsCommands: true,
    async play(stage) {
      await stage.bringOnline()
      stage.run(KEYS)
      const lease = await nextLease(stage, 'taken')
      lease.answer(refusal('forbidden'))
      for (let time = 0; time < 3; time++) {
        await stage.staysQuiet(2000)
        stage.run(KEYS)
      }
      stage.run(STOP)
      await stage.staysQuiet(500)
      stage.run(KEYS)
      await nextLease(stage, 'taken')
    },
  },
  {
    name: 'a rate-limited lease',
    rules: 'S8: asked for again with the next renewal, and only then there is something to release',
    needsCommands: true,
    async play(stage) {
      await stage.bringOnline()
      stage.run(KEYS)
      const lease = await nextLease(stage, 'taken')
      lease.answer(refusal('rate-limited'))
      await stage.staysQuiet(2500)
      stage.run(KEYS)
      await nextLease(stage, 'taken', 5000)
      stage.run(STOP)
      await nextLease(stage, 'released')
    },
  },
  {
    name: 'chat messages of a typist',
    rules: 'R6: a message ends the typing that led to it, and not the typing that began after it',
    needsCommands: true,
    async play(stage) {
      const clear = { do: 'clear', user: 'ann' }
      await stage.bringOnline()
      stage.update([typist('cy', 1), typist('ann', 2)], 5)
      await stage.shows(['cy', 'ann'], 5)
      stage.run(clear)
      await stage.shows(['cy'], 4)
      stage.update([typist('cy', 1), typist('ann', 2), typist('dee', 3)], 5)
      await stage.shows(['cy', 'dee'], 4)
      stage.update([typist('cy', 1), typist('ann', 4)], 5)
      await stage.shows(['cy', 'ann'], 5)
      stage.update([typist('cy', 1)])
      await stage.shows(['cy'])
      stage.update([typist('cy', 1), typist('ann', 5)])
      await stage.shows(['cy', 'ann'])
      stage.run(clear)
      // The line below shows that the command has been read.
      stage.message('"read"')
      await stage.prints('message', { data: 'read' })
      await sleep(300)
      await stage.shows(['cy', 'ann'])
    },
  },
  {
    name: 'another identity while typing',
    rules: 'I1, S9: not online until the next hello is answered; typing ends without a release; subscribe again',
    needsCommands: true,
    async play(stage) {
      await stage.bringOnline()
      stage.update([typist('ann')])
      await stage.shows(['ann'])
      stage.run(KEYS)
      await nextLease(stage, 'taken')
      stage.send('om:identity', stage.now())
      const hello = await stage.next('om:hello')
      await stage.isOnline(false)
      await stage.shows([])
      hello.answer(stage.welcome())
      await stage.isOnline(true)
      await stage.next('om:subscribe')
      await stage.staysQuiet(6000)
      stage.run(KEYS)
      await nextLease(stage, 'taken')
    },
  },
  {
    name: 'a connection that breaks while typing',
    rules: 'Rules 1, 3 and 4: typists forgotten, nothing before the answered hello; then a lease, if typing goes on',
    needsCommands: true,
    async play(stage) {
      await stage.bringOnline()
      stage.update([typist('ann')])
      await stage.shows(['ann'])
      stage.run(KEYS)
      await nextLease(stage, 'taken')
      await stage.breakConnection()
      await stage.shows([])
      const hello = await stage.next('om:hello', 15_000)
      stage.run(KEYS)
      await stage.staysQuiet(700)
      await stage.isOnline(false)
      // With a smaller maxAge, the clock might be too uncertain after this time.
      hello.answer(stage.welcome({ maxAge: 8000 }))
      await stage.isOnline(true)
      const next = [await stage.next('om:subscribe'), await nextLease(stage, 'taken')]
      check(next.length === 2, 'The client has to subscribe and to take a lease.')
    },
  },
  {
    name: 'a message while the server is unreachable',
    rules: 'Rule 1: it fails with offline at once, and nothing is kept for later',
    needsCommands: true,
    async play(stage) {
      await stage.bringOnline()
      const unreachable = stage.breakConnection(2500)
      await stage.isOnline(false)
      stage.run(SEND)
      await stage.prints('sent', { answer: { ok: false, code: 'offline' } })
      await unreachable
      await stage.bringOnline()
      await stage.staysQuiet(1500)
    },
  },
]
