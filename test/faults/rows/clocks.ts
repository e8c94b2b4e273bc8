import { sleep } from '../../support/faults/clock.ts'
import type { Row, Stage } from '../../support/faults/stage.ts'
import { afterwards, bothWays, exchange, toAnn, toBob } from './pair.ts'

const HOUR = 3_600_000

/** Ann's clock, or the server's, is wrong: she must notice nothing, and what is old has to be found old all the same. */
const wrong = (title: string, client: number, server: number): Row => ({
  title,
  async play(stage) {
    const machine = await stage.server({ ...(server && { shift: server }) }, server ? await stage.actor() : undefined)
    const proxy = await stage.proxy(machine)
    const laptop = await stage.actor()
    const ann = await stage.join('ann', { at: proxy.url, hears: [toBob], ...(client && { shift: client }) }, laptop)
    const bob = await stage.join('bob', { at: machine, hears: [toAnn] })
    await bothWays(stage, ann, bob)
    await exchange(stage, ann, bob, 50)
    // A stall of the network, so that there is something old.
    proxy.stall()
    const old = [stage.send(ann, toBob, 20, { may: ['bob'] }, 10), stage.send(bob, toAnn, 20, { may: ['ann'] }, 10)]
    await sleep(2600)
    proxy.flow()
    await Promise.all(old)
    await afterwards(stage, machine, ann, bob)
  },
})

/** What is fresh arrives while ann's clock is set, forwards and back, in the middle of it. */
async function keepsTalking(stage: Stage): Promise<void> {
  const server = await stage.server()
  const laptop = await stage.actor()
  const ann = await stage.join('ann', { at: server, hears: [toBob] }, laptop)
  const bob = await stage.join('bob', { at: server, hears: [toAnn] })
  await bothWays(stage, ann, bob)
  for (const by of [HOUR, -HOUR, -HOUR, HOUR, 5000, -5000]) {
    const talking = exchange(stage, ann, bob, 30)
    await sleep(100)
    await ann.device.setClock(by)
    await talking
  }
  await afterwards(stage, server, ann, bob)
}

export const clocks: readonly Row[] = [
  wrong('client’s clock an hour ahead', HOUR, 0),
  wrong('client’s clock an hour behind', -HOUR, 0),
  wrong('server’s clock an hour ahead', 0, HOUR),
  { title: 'client’s clock set during the connection', play: keepsTalking },
]
