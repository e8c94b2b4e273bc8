/** The connection: hellos, the clock, identities, breaks. */
import { ANN, refusal, START } from '../stage.ts'
import { check, KEYS, nextLease, SEND, sleep, typist, type Scenario } from './tools.ts'

export const connection: readonly Scenario[] = [
  {
    name: 'a hello that is answered late',
    rules: 'K1: an answer that took 1500 ms leaves the clock too uncertain; the client asks again',
    async play(stage) {
      const hello = await stage.next('om:hello', START)
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
      const hello = await stage.next('om:hello', START)
      stage.run(KEYS)
      const again = await stage.next('om:hello', 8000)
      const waited = again.at - hello.at
      check(
        waited > 4500,
        `The client has to wait 5 s for the answer to a hello, and has waited ${Math.round(waited)} ms.`,
      )
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
      const hello = await stage.next('om:hello', START)
      hello.answer({ ok: true, version: 1, time: 'now', maxAge: 2000, maxBytes: 4096 })
      await sleep(1000)
      await stage.isOnline(false)
    },
  },
  {
    name: 'a stranger who signs in',
    rules: 'I1: a hello that is forbidden, then om:identity',
    async play(stage) {
      const hello = await stage.next('om:hello', START)
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
