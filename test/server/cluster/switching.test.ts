import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Conversation, Transport } from '../../../src/core/index.ts'
import type { Bus } from '../../../src/server/cluster/bus.ts'
import { createChannels } from '../../../src/server/cluster/channels.ts'
import { atEnd, closeAll, startServer, type TestServer, until } from '../../support/server/harness.ts'
import { type Engine, startEngine } from '../../support/cluster/engines.ts'
import { sleep } from '../../support/until.ts'

const channels = createChannels('/')

/** How many conversations are opened in a second. Each is closed again when its message has arrived. */
const PER_SECOND = 1000
/** How many are opened at once. */
const AT_ONCE = 20
/**
 * How many different conversations there are. So each is opened again after 5.5 s, which is when the node unsubscribes from
 * it after its linger.
 */
const CONVERSATIONS = 5500
/** How many are opened in all: for 8 s. */
const OPENED = 8000
/** Nobody may have more than 1,000 open. */
const USERS = 10

/** Counts what a node asks of its bus, and knows which subscriptions have taken effect. */
function watchBus(bus: Bus, onActive: (channel: string) => void = () => {}) {
  const counts = { published: 0, subscribed: 0, unsubscribed: 0 }
  const active = new Set<string>()
  const watched: Bus = {
    publish(channel, message) {
      counts.published++
      return bus.publish(channel, message)
    },
    subscribe(channel, onMessage, onTaken) {
      counts.subscribed++
      const unsubscribe = bus.subscribe(channel, onMessage, () => {
        active.add(channel)
        onTaken()
        onActive(channel)
      })
      return () => {
        counts.unsubscribed++
        active.delete(channel)
        unsubscribe()
      }
    },
  }
  return { bus: watched, counts, isActive: (channel: string) => active.has(channel) }
}

describe.each(['redis', 'nats'] as const)('on %s', (name) => {
  let engine: Engine
  let stop: () => unknown
  beforeAll(async () => {
    engine = await startEngine(name)
    stop = engine.keepRunning()
  })
  afterAll(() => stop())
  afterEach(closeAll)

  async function openBus(): Promise<Bus> {
    const { bus, close } = await engine.openBus()
    atEnd(close)
    return bus
  }

  const channelCount = ({ online }: TestServer) => online.stats().bus?.channels

  test('T6: 1,000 conversations opened and closed a second lose no message that was sent after they took effect', async () => {
    const sending = await startServer({ plugin: { bus: await openBus() } })
    const ann = sending.online.createBot('ann')
    /** What to do when a channel takes effect. */
    const waiting = new Map<string, () => void>()
    const watched = watchBus(await openBus(), (channel) => waiting.get(channel)?.())
    const receiving = await startServer({ plugin: { bus: watched.bus } })
    const bots = Array.from({ length: USERS }, (_, index) => receiving.online.createBot(`user${index}`))
    await until(() => receiving.online.stats().bus?.pending === 0)
    const before = channelCount(receiving)

    let arrived = 0
    let arrivedTwice = 0
    let refused = 0
    const openNow = new Set<string>()

    /** Opens a conversation, has Ann write once its channel has taken effect, and closes it when that has arrived. */
    function open(number: number, bot: Transport, user: string): void {
      const thread = `thread${number % CONVERSATIONS}`
      const written: Conversation = { user, thread }
      const channel = channels.conversation('ann', written)
      let count = 0
      const close = bot.subscribe(
        { user: 'ann', thread },
        {
          message() {
            count++
            if (count > 1) arrivedTwice++
            else arrived++
            openNow.delete(channel)
            close()
          },
          typists() {},
          refused() {
            refused++
          },
        },
      )
      openNow.add(channel)
      const send = () => {
        waiting.delete(channel)
        void ann.send({ conversation: written, command: 'note', data: number })
      }
      // It may linger from the last time.
      if (watched.isActive(channel)) send()
      else waiting.set(channel, send)
    }

    const began = performance.now()
    for (let opened = 0; opened < OPENED; opened += AT_ONCE) {
      for (let number = opened; number < opened + AT_ONCE; number++) {
        const index = number % USERS
        open(number, bots[index]!, `user${index}`)
      }
      await sleep(began + (1000 * opened) / PER_SECOND - performance.now())
    }
    await until(() => arrived === OPENED, 'every message has arrived', 10_000)
    expect({ arrivedTwice, refused, open: openNow.size }).toEqual({ arrivedTwice: 0, refused: 0, open: 0 })
    expect(receiving.online.stats().bus).toMatchObject({ pending: 0, dropped: 0 })
    // Each was opened again after it had been unsubscribed from, or shortly before.
    expect(watched.counts.subscribed).toBeGreaterThan(CONVERSATIONS)
    await until(() => channelCount(receiving) === before, 'the node has unsubscribed from all of them', 10_000)
  }, 60_000)

  test('opening and closing the same conversation again and again costs the engine one subscription', async () => {
    const watched = watchBus(await openBus())
    const { online } = await startServer({ plugin: { bus: watched.bus } })
    const bot = online.createBot('bob')
    await until(() => online.stats().bus?.pending === 0)
    const before = { ...watched.counts }
    for (let times = 0; times < 200; times++) {
      bot.subscribe({ user: 'ann' }, { message() {}, typists() {} })()
      await sleep(5)
    }
    const { published, subscribed, unsubscribed } = watched.counts
    // One subscription, and one question who types there.
    expect({
      published: published - before.published,
      subscribed: subscribed - before.subscribed,
      unsubscribed: unsubscribed - before.unsubscribed,
    }).toEqual({ published: 1, subscribed: 1, unsubscribed: 0 })
  })
})
