import { comesTrue, sleep, tick } from '../../support/faults/clock.ts'
import { LATE, RESERVED } from '../../support/faults/ledger.ts'
import type { Row } from '../../support/faults/stage.ts'

const team = { group: 'team' }

/** How long nothing is read, and how many do not. */
const STOP = 8000
const READERS = 4

/** Each of them, and one who reads, is sent 750 kB a second in messages of its own: nothing is shared among them. */
const PER_RECEIVER = 750
const LOAD = { bytes: 1000, perSecond: (READERS + 1) * PER_RECEIVER, first: RESERVED }
const fromBot = { user: 'bot' }

/** Most a reader that has stopped may cost its server, in bytes. */
export const MOST_GROWTH = 1_000_000

/** How soon the newest typing state has to be there on its return, in milliseconds. */
const SOON = 1000

export const readers: readonly Row[] = [
  {
    title: 'a reader that stops reading for 8 s under load, then goes on',
    heavy: true,
    patience: 60_000,
    async play(stage) {
      const { way, ledger } = stage
      const machine = await stage.actor()
      const server = await stage.server({ ping: 20_000 }, machine)
      const laptop = await stage.actor()
      const names = Array.from({ length: READERS }, (_, index) => `reader${index}`)
      const stopped = await Promise.all(
        names.map((name) => stage.join(name, { at: server, hears: [fromBot, team] }, laptop)),
      )
      const witness = await stage.join('witness', { at: server, hears: [fromBot, team] })
      const typist = await stage.join('typist', { at: server, hears: [fromBot, team] })
      await stage.online(witness, typist, ...stopped)
      await stage.open(typist, team, witness, ...stopped)

      const receivers = ['witness', ...names]
      ledger.reserve(receivers.map((name) => ({ may: [name] })))
      const load = server.load(
        way,
        receivers.map((user) => ({ user })),
        ledger.word,
        { ...LOAD, milliseconds: STOP + 2500 },
      )
      // The server is warm, and everybody reads.
      await sleep(1000)
      const before = await server.memory()
      laptop.process.kill('SIGSTOP')
      const began = tick()
      // Typing goes on and off meanwhile; at the end it is on.
      for (let time = 0; time < 7; time++) {
        await typist.device.type(team, time % 2 === 0)
        await sleep(STOP / 8)
      }
      await sleep(Math.max(0, began + STOP - 500 - tick()))
      const growth = ((await server.memory()) - before) / READERS
      await sleep(Math.max(0, began + STOP - tick()))
      laptop.process.kill('SIGCONT')
      const back = tick()
      if (stage.isOurs) {
        const isShown = () => stopped.every(({ typists }) => typists.at(-1)?.ids.join() === 'typist')
        // A reader whose list was not emptied meanwhile may still show what is true again: then there is no news.
        await comesTrue(() => isShown(), 2 * SOON)
        const told = Math.max(...stopped.map(({ typists }) => typists.at(-1)?.at ?? Infinity))
        stage.check(isShown(), 'the readers do not see the newest typing state')
        stage.check(told - back <= SOON, `the newest typing state comes ${told - back} ms after the return`)
      }
      stage.check(growth <= MOST_GROWTH, `the server grows by ${growth} bytes for each reader`)
      stage.notes.push(`${(growth / 1e6).toFixed(2)} MB per reader`)
      const sent = Math.ceil((await load) / receivers.length)
      // Whoever reads gets all of it.
      const all = () => ledger.heardBy('witness') >= sent
      await comesTrue(all, stage.isOurs ? 3000 : 1000)
      ledger.sin('lost', Math.max(0, sent - ledger.heardBy('witness')))
      await typist.device.type(team, false)
      await stage.open(typist, team, witness, ...stopped)
      stage.check(
        stopped.every(({ typists }) => typists.at(-1)?.ids.length === 0),
        'typing does not end',
      )
      stage.notes.push(`oldest ${Math.round(ledger.oldest())} ms`)
      stage.check(ledger.oldest() <= LATE, `something came ${ledger.oldest()} ms late`)
      await stage.look(server, stopped, true)
    },
  },
]
