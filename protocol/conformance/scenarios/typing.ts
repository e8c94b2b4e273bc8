/** What is typed and sent at the client. */
import { ANN, refusal } from '../stage.ts'
import { check, KEYS, nextLease, SEND, sleep, STOP, type Scenario } from './tools.ts'

export const typing: readonly Scenario[] = [
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
]
