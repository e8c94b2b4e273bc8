import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { OnlineMessageServerOptions } from '../../../src/server/index.ts'
import { type BotNodes, createBotNodes, hear } from '../../support/cluster/bot-nodes.ts'
import { pass } from '../../support/cluster/link.ts'
import type { MemoryEngineOptions } from '../../support/cluster/memory-engine.ts'

let nodes: BotNodes | undefined
beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  nodes?.close()
  vi.useRealTimers()
})

const group = { group: 'team' }
const message = { conversation: group, command: 'note', data: 1 }

/** Two nodes. Ann is on the first one, and Bob on the second one. */
function start(plugin: Partial<OnlineMessageServerOptions> = {}, engine: MemoryEngineOptions = {}) {
  nodes = createBotNodes(plugin, engine)
  const [one, two] = [nodes.addNode(), nodes.addNode()]
  return { ...nodes, one, two, ann: one.server.createBot('ann'), bob: two.server.createBot('bob') }
}

/** What a promise has resolved to until now. */
function resultsOf(promise: Promise<unknown>) {
  const results: unknown[] = []
  void promise.then((result) => results.push(result))
  return results
}

test('a message that is sent is counted once, on both nodes', async () => {
  const { one, two, ann, bob } = start()
  const { heard } = hear(bob, group)
  await pass(100)
  expect(await ann.send(message)).toEqual({ ok: true })
  await pass(100)
  expect(heard).toEqual([1])
  expect([one, two].map(({ server }) => server.stats().bus)).toMatchObject([
    { messagesOut: 1, messagesIn: 0 },
    { messagesOut: 0, messagesIn: 1 },
  ])
})

test('G1: a message is as old on the other node as it is: what it waited for permission counts', async () => {
  const authorize: OnlineMessageServerOptions['authorize'] = async ({ action }) => {
    if (action === 'send') await new Promise((resolve) => setTimeout(resolve, 1500))
    return true
  }
  const delays = (text: string) => [text.includes('"message"') ? 600 : 0]
  const { two, ann, bob } = start({ authorize, maxAge: 2000 }, { delays })
  const { heard } = hear(bob, group)
  await pass(100)
  void ann.send(message)
  await pass(3000)
  expect([heard, two.server.stats().dropped.expired]).toEqual([[], 1])
})

test('T6: a device that has subscribed just before a message receives it, however uncertain the clock of its node is', async () => {
  // Each way takes so long that a clock may be wrong by as much.
  const { two, ann, bob } = start({}, { delays: () => [200] })
  hear(bob, group)
  await pass(5000)
  void ann.send(message)
  await pass(5000)
  const later = hear(two.server.createBot('cy'), group)
  await pass(20)
  void ann.send({ ...message, data: 2 })
  await pass(1000)
  expect(later.heard).toEqual([2])
})

describe('a message that reaches nobody is counted as offline', () => {
  test.each([
    ['not subscribed', false],
    ['subscribed', true],
  ])('also when the node that sends it is %s', async (_, isReader) => {
    const { one, ann } = start()
    if (isReader) hear(ann, group)
    await pass(100)
    await ann.send(message)
    await pass(100)
    expect(one.server.stats().dropped.offline).toBe(1)
  })

  test('and not when another node receives it', async () => {
    const { one, ann, bob } = start()
    hear(ann, group)
    hear(bob, group)
    await pass(100)
    await ann.send(message)
    await pass(100)
    expect(one.server.stats().dropped.offline).toBe(0)
  })
})

describe('countRecipients', () => {
  test.each([
    ['only the other node reads the conversation', false],
    ['both nodes read it', true],
  ])('is answered as soon as the other node has counted, when %s', async (_, isReader) => {
    const { ann, bob } = start({ countRecipients: true })
    if (isReader) hear(ann, group)
    hear(bob, group)
    await pass(100)
    const results = resultsOf(ann.send(message))
    await pass(0)
    expect(results).toEqual([{ ok: true, recipients: 1 }])
  })

  test('is answered at once when no other node reads the conversation', async () => {
    const { ann } = start({ countRecipients: true })
    hear(ann, group)
    await pass(100)
    const results = resultsOf(ann.send(message))
    await pass(0)
    expect(results).toEqual([{ ok: true, recipients: 0 }])
  })

  test('is answered within a while where the engine does not say how many nodes there are', async () => {
    const { ann, bob } = start({ countRecipients: true }, { countsSubscribers: false })
    hear(ann, group)
    hear(bob, group)
    await pass(100)
    const results = resultsOf(ann.send(message))
    await pass(1000)
    expect(results).toEqual([{ ok: true, recipients: 1 }])
  })

  test('that is off asks nobody', async () => {
    const { ann, bob, engine } = start()
    hear(bob, group)
    await pass(100)
    await ann.send(message)
    await pass(100)
    engine.resetCounts()
    const timers = vi.getTimerCount()
    expect(await ann.send(message)).toEqual({ ok: true })
    await pass(0)
    // Nothing waits for an answer.
    expect([engine.counts.messagesIn, vi.getTimerCount()]).toEqual([1, timers])
  })
})

test('a node that closes publishes nothing any more, and leaves no channel and no timer', async () => {
  const { one, two, ann, bob, engine } = start({ countRecipients: true })
  hear(ann, group)
  hear(bob, group)
  void ann.send({ conversation: group, command: 'textInput', data: { ttl: 60_000, activity: 'typing', since: 1 } })
  one.server.revoke({ user: 'cy' })
  await pass(100)
  one.server.close()
  two.server.close()
  expect([engine.channels(), vi.getTimerCount()]).toEqual([[], 0])
})
