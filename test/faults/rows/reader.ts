import { FIRST_SERVER_NUMBER, LATE, mayReach } from '../../support/faults/ledger.ts'
import { EVENT_TIMEOUT, type Participant, type Row } from '../../support/faults/scenario.ts'
import { becomesTrue, sharedNow, sleep, until } from '../../support/until.ts'

const team = { group: 'team' }
const bot = { user: 'bot' }

/** How long the readers stop, in milliseconds, and how many there are. */
const STOP_MS = 8000
const READERS = 4

/** The bot sends each reader, and one witness who never stops, 750 kB a second. No two of them get the same message. */
const PER_SECOND = 750
const MESSAGE_BYTES = 1000

/** Most bytes that a reader who has stopped may cost its server. */
const MAX_GROWTH = 1_000_000

/**
 * How many messages sent after its return a reader may receive before the newest typing state: those of one second.
 * Counted in messages, since a busy machine slows both.
 */
const MAX_MESSAGES_BEFORE_TYPISTS = PER_SECOND

const showsTypist = ({ typists }: Participant) => typists.at(-1)?.ids.join() === 'typist'

/** How many messages sent since `returnedAt` this reader had received when it showed the newest typing state. */
function messagesBeforeTypists({ typists, messages }: Participant, returnedAt: number): number {
  const shownAt = typists.at(-1)!.at
  return messages.filter(({ sentAt, at }) => sentAt > returnedAt && at < shownAt).length
}

export const readers: readonly Row[] = [
  {
    title: 'a reader that stops reading for 8 s under load, then goes on',
    heavy: true,
    async run(scenario) {
      const { way, ledger, isOurs } = scenario
      const server = await scenario.startServer({ ping: 20_000 }, await scenario.startProcess())
      const readerProcess = await scenario.startProcess()
      const subscribesTo = [bot, team]
      const names = Array.from({ length: READERS }, (_, index) => `reader${index}`)
      const stopping = await Promise.all(
        names.map((name) => scenario.addDevice(name, { at: server, subscribesTo }, readerProcess)),
      )
      const witness = await scenario.addDevice('witness', { at: server, subscribesTo })
      const typist = await scenario.addDevice('typist', { at: server, subscribesTo })
      await scenario.untilOnline(witness, typist, ...stopping)
      await scenario.probe(typist, team, witness, ...stopping)

      const receivers = ['witness', ...names]
      ledger.expectInTurn(receivers.map((name) => mayReach(name)))
      const load = server.load({
        way,
        to: receivers.map((user) => ({ user })),
        tag: ledger.tag,
        first: FIRST_SERVER_NUMBER,
        bytes: MESSAGE_BYTES,
        perSecond: receivers.length * PER_SECOND,
        milliseconds: STOP_MS + 2500,
      })
      // The server's code gets compiled, while everybody reads.
      await sleep(1000)
      const memoryBefore = await server.memory()

      readerProcess.process.kill('SIGSTOP')
      const stoppedAt = sharedNow()
      // Meanwhile the typist begins and stops several times. In the end they type.
      for (let turn = 0; turn < 7; turn++) {
        await typist.device.setTyping(team, turn % 2 === 0)
        await sleep(STOP_MS / 8)
      }
      await sleep(Math.max(0, stoppedAt + STOP_MS - 500 - sharedNow()))
      const growth = ((await server.memory()) - memoryBefore) / READERS
      await sleep(Math.max(0, stoppedAt + STOP_MS - sharedNow()))
      readerProcess.process.kill('SIGCONT')
      const returnedAt = sharedNow()

      if (isOurs) {
        // A reader whose list was not emptied in between may show a state that is true again, and gets no update then.
        await until(() => stopping.every(showsTypist), 'the readers show the newest typing state', EVENT_TIMEOUT)
        const counts = stopping.map((reader) => messagesBeforeTypists(reader, returnedAt))
        scenario.check(
          Math.max(...counts) <= MAX_MESSAGES_BEFORE_TYPISTS,
          `the newest typing state comes after ${counts.join()} messages`,
        )
      }
      scenario.check(growth <= MAX_GROWTH, `the server grows by ${growth} bytes for each reader`)
      scenario.notes.push(`${(growth / 1e6).toFixed(2)} MB per reader`)

      // The witness gets all of its messages.
      const sentToEach = Math.ceil((await load) / receivers.length)
      await becomesTrue(() => ledger.receivedCount('witness') >= sentToEach, isOurs ? EVENT_TIMEOUT : 1000)
      ledger.recordViolation('lost', Math.max(0, sentToEach - ledger.receivedCount('witness')))

      await typist.device.setTyping(team, false)
      await scenario.probe(typist, team, witness, ...stopping)
      scenario.check(
        stopping.every(({ typists }) => typists.at(-1)?.ids.length === 0),
        'typing does not end',
      )
      scenario.notes.push(`oldest ${Math.round(ledger.greatestAge())} ms`)
      scenario.check(ledger.greatestAge() <= LATE, `a message is ${ledger.greatestAge()} ms old`)
      await scenario.countStored(server, stopping, { withEngine: true })
    },
  },
]
