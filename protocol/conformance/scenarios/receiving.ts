/** What the server sends: messages, typing updates, and what is no event of ours. */
import { ANN, refusal, START } from '../stage.ts'
import { check, sleep, typist, type Scenario } from './tools.ts'

/** Values that are wrong in most places. */
const nonsense = [null, 7, -1, 1e300, 'text', true, [], {}, [null], { user: 7 }, { user: 'cy' }]

export const receiving: readonly Scenario[] = [
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
        send('om:typists', now(), ANN, JSON.stringify(value), [typist('cy')])
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
      const hello = await stage.next('om:hello', START)
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
]
