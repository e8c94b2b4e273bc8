import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createChannelSubscriptions } from '../../../src/server/cluster/channel-subscriptions.ts'
import { createTestLink, pass } from '../../support/cluster/link.ts'
import type { MemoryEngineOptions } from '../../support/cluster/memory-engine.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** How long a channel is kept that nobody wants any more, and how long it may take until that is noticed. */
const LINGER = 5000
const NOTICED_WITHIN = 1000

function start(options: MemoryEngineOptions = {}) {
  const { link, engine, addFake } = createTestLink(options)
  const subscriptions = createChannelSubscriptions(link)
  const happened: string[] = []
  const want = (channel: string) =>
    subscriptions.want(channel, () => {
      happened.push(`use ${channel}`)
      return {
        receive: (message) => happened.push(`receive ${message.kind} on ${channel}`),
        onActive: (isAgain) => happened.push(`active ${channel}${isAgain ? ' again' : ''}`),
        onEnd: () => happened.push(`end ${channel}`),
      }
    })
  /** What has happened since the last call. */
  const take = () => happened.splice(0)
  const ownChannels = () => engine.channels().filter((channel) => !channel.startsWith('node:'))
  return { link, engine, addFake, subscriptions, want, take, ownChannels }
}

test('a channel is subscribed once it is wanted, and is active when the engine says so', async () => {
  const { subscriptions, want, take, addFake } = start({ delays: () => [300] })
  want('a')
  expect([take(), subscriptions.isActive('a')]).toEqual([['use a'], false])
  expect(subscriptions.count()).toEqual({ channels: 1, pending: 1 })
  await pass(300)
  expect([take(), subscriptions.isActive('a')]).toEqual([['active a'], true])
  expect(subscriptions.count()).toEqual({ channels: 1, pending: 0 })
  const fake = addFake()
  await pass(300)
  fake.publish('a', { kind: 'question' })
  await pass(1500)
  expect(take()).toEqual(['receive question on a'])
})

test('a channel that is wanted twice is subscribed once', async () => {
  const { want, take, ownChannels } = start()
  want('a')
  want('a')
  await pass(0)
  expect([take(), ownChannels()]).toEqual([['use a', 'active a'], ['a']])
})

test('a channel that nobody wants any more is kept for 5 s, and received meanwhile', async () => {
  const { subscriptions, want, take, addFake, ownChannels } = start()
  const fake = addFake()
  want('a')
  await pass(0)
  subscriptions.unwant('a')
  // Asked again: it does not linger for longer.
  await pass(LINGER - 1000)
  subscriptions.unwant('a')
  take()
  fake.publish('a', { kind: 'question' })
  await pass(900)
  expect([take(), ownChannels()]).toEqual([['receive question on a'], ['a']])
  await pass(100 + NOTICED_WITHIN)
  expect([take(), ownChannels(), subscriptions.count()]).toEqual([['end a'], [], { channels: 0, pending: 0 }])
  expect(vi.getTimerCount()).toBe(0)
})

test('going back and forth costs nothing: no second subscription, and nothing is asked again', async () => {
  const { subscriptions, want, take, engine } = start()
  want('a')
  await pass(0)
  take()
  engine.resetCounts()
  for (let n = 0; n < 20; n++) {
    subscriptions.unwant('a')
    await pass(LINGER - 100)
    want('a')
    await pass(LINGER + NOTICED_WITHIN)
  }
  expect([take(), engine.counts.messagesIn, subscriptions.isActive('a')]).toEqual([[], 0, true])
})

test('a channel that is wanted again after it has ended is subscribed again', async () => {
  const { subscriptions, want, take } = start()
  want('a')
  await pass(0)
  subscriptions.unwant('a')
  await pass(LINGER + NOTICED_WITHIN)
  want('a')
  await pass(0)
  expect(take()).toEqual(['use a', 'active a', 'end a', 'use a', 'active a'])
})

test('each channel lingers for its own time', async () => {
  const { subscriptions, want, ownChannels } = start()
  for (const channel of ['a', 'b', 'c']) want(channel)
  await pass(0)
  subscriptions.unwant('a')
  await pass(3000)
  subscriptions.unwant('b')
  await pass(LINGER - 3000 + NOTICED_WITHIN)
  expect(ownChannels()).toEqual(['b', 'c'])
  await pass(3000)
  expect(ownChannels()).toEqual(['c'])
})

test('after the connection to the engine was lost, each channel is active again', async () => {
  const { want, take, engine, subscriptions } = start()
  want('a')
  await pass(0)
  engine.interrupt()
  want('b')
  await pass(1000)
  expect(subscriptions.count()).toEqual({ channels: 2, pending: 1 })
  take()
  engine.restore()
  await pass(0)
  expect(take()).toEqual(['active a again', 'active b'])
})

test('close() ends all channels, and leaves no timer', async () => {
  const { subscriptions, want, take, ownChannels } = start()
  for (const channel of ['a', 'b']) want(channel)
  await pass(0)
  subscriptions.unwant('b')
  take()
  subscriptions.close()
  expect([take(), ownChannels(), vi.getTimerCount()]).toEqual([['end a', 'end b'], [], 0])
})
