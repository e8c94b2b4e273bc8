import { sleep } from '../../support/faults/clock.ts'
import { CHAT } from '../../support/faults/server.ts'
import type { Row } from '../../support/faults/stage.ts'
import { afterwards, bothWays, exchange, talk, toAnn, toBob } from './pair.ts'

/** How long a connection is gone: longer than `maxAge`, so that whatever is kept comes late. */
const GAP = 2600
const COUNT = Math.floor(GAP / 50)
const bobMay = { may: ['bob'] }
const annMay = { may: ['ann'] }

export const gaps: readonly Row[] = [
  {
    title: 'client offline, then back',
    async play(stage) {
      const server = await stage.server()
      const [ann, bob] = await talk(stage, server)
      await ann.device.disconnect()
      await Promise.all([stage.sendInVain(ann, toBob, COUNT, bobMay), stage.send(bob, toAnn, COUNT, annMay, 40)])
      await stage.look(server, [ann, bob])
      stage.ledger.barrier()
      await ann.device.connect()
      await afterwards(stage, server, ann, bob)
    },
  },
  {
    title: 'network cut: lost without a close',
    async play(stage) {
      const server = await stage.server({ ping: 400 })
      const proxy = await stage.proxy(server)
      const [ann, bob] = await talk(stage, server, proxy.url)
      proxy.cut()
      await Promise.all([stage.send(ann, toBob, COUNT, bobMay, 40), stage.send(bob, toAnn, COUNT, annMay, 40)])
      await stage.look(server, [ann, bob])
      stage.ledger.barrier()
      proxy.heal()
      await afterwards(stage, server, ann, bob)
    },
  },
  {
    title: 'network stalls for 3 s, then goes on',
    async play(stage) {
      const server = await stage.server()
      const proxy = await stage.proxy(server)
      const [ann, bob] = await talk(stage, server, proxy.url)
      proxy.stall()
      const up = stage.send(ann, toBob, COUNT, bobMay, 50)
      const down = stage.send(bob, toAnn, COUNT, annMay, 50)
      await sleep(3000)
      await stage.look(server, [ann, bob])
      proxy.flow()
      // The server finds the first of them too old, whatever their receiver would.
      const first = (await up).slice(0, 5).map(({ code }) => code)
      stage.check(
        first.every((code) => code === 'timeout'),
        `what comes 3 s late is answered ${first.join()}`,
      )
      await down
      await afterwards(stage, server, ann, bob)
    },
  },
  {
    title: 'server killed with -9, and started again',
    async play(stage) {
      const first = await stage.actor()
      const dying = await stage.server({}, first)
      const port = await dying.port()
      const [ann, bob] = await talk(stage, dying)
      await first.kill()
      const [next] = await Promise.all([
        stage.actor(),
        stage.send(ann, toBob, COUNT, bobMay, 40),
        stage.send(bob, toAnn, COUNT, annMay, 40),
      ])
      stage.ledger.barrier()
      const server = await stage.server({ port }, next)
      await stage.look(server, [ann, bob])
      await afterwards(stage, server, ann, bob)
    },
  },
  {
    title: 'server-side `disconnect()`',
    async play(stage) {
      const server = await stage.server()
      const [ann, bob] = await talk(stage, server)
      await server.kick('ann', 'socket')
      await Promise.all([stage.send(ann, toBob, COUNT, bobMay, 40), stage.send(bob, toAnn, COUNT, annMay, 40)])
      await stage.look(server, [ann, bob])
      stage.ledger.barrier()
      await ann.device.connect()
      await afterwards(stage, server, ann, bob)
    },
  },
  {
    title: 'namespace kicked on a shared manager',
    async play(stage) {
      const server = await stage.server()
      const ann = await stage.join('ann', { at: server, hears: [toBob], namespace: CHAT })
      const bob = await stage.join('bob', { at: server, hears: [toAnn], namespace: CHAT })
      await bothWays(stage, ann, bob)
      await exchange(stage, ann, bob)
      await server.kick('ann', 'socket', CHAT)
      await Promise.all([stage.send(ann, toBob, COUNT, bobMay, 40), stage.send(bob, toAnn, COUNT, annMay, 40)])
      await stage.look(server, [ann, bob])
      stage.ledger.barrier()
      await ann.device.connect()
      await afterwards(stage, server, ann, bob)
    },
  },
  {
    title: 'slow handshake',
    async play(stage) {
      const server = await stage.server({ handshake: GAP })
      const bob = await stage.join('bob', { at: server, hears: [toAnn] })
      await stage.online(bob)
      const ann = await stage.join('ann', { at: server, hears: [toBob], slow: true })
      await Promise.all([
        stage.sendInVain(ann, toBob, COUNT - 10, bobMay),
        stage.send(bob, toAnn, COUNT - 10, annMay, 40),
      ])
      await stage.look(server, [ann, bob])
      stage.ledger.barrier()
      await afterwards(stage, server, ann, bob)
    },
  },
]
