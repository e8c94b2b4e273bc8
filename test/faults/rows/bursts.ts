import { sleep } from '../../support/faults/clock.ts'
import { numbersOf, type Player, type Row, type Stage } from '../../support/faults/stage.ts'
import type { FaultServer } from '../../support/faults/words.ts'
import { bothWays, exchange, talk, toAnn, toBob } from './pair.ts'

const bobMust = { may: ['bob'], must: ['bob'] }
const annMust = { may: ['ann'], must: ['ann'] }

/** Whether these numbers came in this order, whatever else came between. */
function inOrder(stage: Stage, { name, order }: Player, expected: readonly number[]): void {
  const wanted = new Set(expected)
  const came = order.filter((n) => wanted.has(n))
  stage.check(came.join() === expected.join(), `${name} hears ${came.join()} instead of ${expected.join()}`)
}

async function afterwards(stage: Stage, server: FaultServer, ann: Player, bob: Player): Promise<void> {
  await stage.settle()
  await bothWays(stage, ann, bob)
  for (const player of [ann, bob]) {
    const wrong = stage.ledger.reordered(player.name)
    stage.check(!wrong.length, `${player.name} hears ${JSON.stringify(wrong)} the wrong way round`)
  }
  await stage.look(server, [ann, bob], true)
}

/** Up and down at once: ann's own, and those of a bot inside the server. */
const fromBot = { user: 'bot' }

export const bursts: readonly Row[] = [
  {
    title: '10 messages in one tick',
    async play(stage) {
      const server = await stage.server()
      const ann = await stage.join('ann', { at: server, hears: [toBob, fromBot] })
      const bob = await stage.join('bob', { at: server, hears: [toAnn, fromBot] })
      await bothWays(stage, ann, bob)
      for (let time = 0; time < 5; time++) {
        await Promise.all([
          stage.send(ann, toBob, 10, bobMust),
          stage.send(bob, toAnn, 10, annMust),
          server.burst(stage.way, toBob, stage.ledger.issue(10, bobMust, 'bot'), false),
        ])
        await sleep(50)
      }
      await afterwards(stage, server, ann, bob)
    },
  },
  {
    title: '200 messages at 5 ms',
    async play(stage) {
      const server = await stage.server()
      const [ann, bob] = await talk(stage, server)
      await Promise.all([stage.send(ann, toBob, 200, bobMust, 5), stage.send(bob, toAnn, 200, annMust, 5)])
      await afterwards(stage, server, ann, bob)
    },
  },
  {
    title: 'beside the app’s own emits, before and after in one tick',
    async play(stage) {
      const server = await stage.server()
      const ann = await stage.join('ann', { at: server, hears: [toBob, fromBot] })
      const bob = await stage.join('bob', { at: server, hears: [toAnn, fromBot] })
      await bothWays(stage, ann, bob)
      const expected: number[] = []
      for (let time = 0; time < 21; time++) {
        const payloads = stage.ledger.issue(5, bobMust, 'ann')
        const [before, ...rest] = numbersOf(payloads)
        const after = rest.at(-1)! + 0.5
        expected.push(before! - 0.5, before!, ...rest, after)
        await ann.device.sendBesideApp(toBob, payloads, before! - 0.5, after)
        await sleep(5)
      }
      await stage.settle()
      inOrder(stage, bob, expected)

      const down: number[] = []
      for (let time = 0; time < 21; time++) {
        const payloads = stage.ledger.issue(5, annMust, 'bot')
        for (const n of numbersOf(payloads)) down.push(n - 0.25, n, n + 0.25)
        await server.burst(stage.way, toAnn, payloads, true)
        await sleep(5)
      }
      await afterwards(stage, server, ann, bob)
      inOrder(stage, ann, down)
    },
  },
  {
    title: 'during the upgrade from long-polling to websocket',
    carriers: ['upgrade'],
    async play(stage) {
      const server = await stage.server()
      const bob = await stage.join('bob', { at: server, hears: [toAnn] })
      await stage.online(bob)
      // Slow enough that a good part is sent before, while and after it happens.
      const proxy = await stage.proxy(server, 50)
      let polled = 0
      for (let time = 0; time < 4; time++) {
        const name = `ann ${time}`
        const ann = await stage.join(name, { at: proxy.url, hears: [toBob] })
        await stage.online(ann)
        const { transport } = await ann.device.state()
        if (transport === 'polling') polled++
        const up = stage.send(ann, toBob, 150, bobMust, 2)
        await stage.open(bob, toAnn, ann)
        await Promise.all([up, stage.send(bob, toAnn, 150, { may: [name], must: [name] }, 2)])
        await stage.settle()
        stage.check((await ann.device.state()).transport === 'websocket', 'there was no upgrade')
        const wrong = [...stage.ledger.reordered('bob'), ...stage.ledger.reordered(name)]
        stage.check(!wrong.length, `${JSON.stringify(wrong)} the wrong way round`)
        await ann.device.close()
      }
      stage.check(polled > 0, 'nothing was sent before an upgrade')
      await stage.look(server, [bob], true)
    },
  },
  {
    title: 'client socket with `retries` and `ackTimeout`',
    async play(stage) {
      const server = await stage.server()
      const ann = await stage.join('ann', { at: server, hears: [toBob], retries: true })
      const bob = await stage.join('bob', { at: server, hears: [toAnn], retries: true })
      await bothWays(stage, ann, bob)
      await Promise.all([stage.send(ann, toBob, 5, bobMust), stage.send(bob, toAnn, 5, annMust)])
      await stage.settle()
      await stage.look(server, [ann, bob])
      await ann.device.disconnect()
      await stage.sendInVain(ann, toBob, 30, { may: ['bob'] })
      await stage.look(server, [ann, bob])
      stage.ledger.barrier()
      await ann.device.connect()
      await bothWays(stage, ann, bob)
      await exchange(stage, ann, bob)
      // Long enough for every retry.
      await sleep(1500)
      await afterwards(stage, server, ann, bob)
    },
  },
]
