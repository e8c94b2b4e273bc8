import { afterEach, describe, expect, test } from 'vitest'
import type { Priority, SendResult } from '../../../src/core/index.ts'
import { SUBSCRIBE, REFUSED } from '../../../src/core/transport/wire.ts'
import { allQuiet, CARRIERS, closeAll, startServer, type TestClient, until } from '../../support/server/harness.ts'

afterEach(closeAll)

const group = { group: 'team' }

/** Sends many at once, and counts what became of them. */
async function flood({ client }: TestClient, count: number, priority: Priority, to = group) {
  const results = await Promise.all(Array.from({ length: count }, () => client.send(to, 'note', 1, { priority })))
  return {
    accepted: results.filter(({ ok }) => ok).length,
    refused: results.filter((result): result is Extract<SendResult, { ok: false }> => !result.ok),
  }
}

describe.each(CARRIERS)('limits, over %s', (carrier) => {
  test('perConnection: under pressure low goes first, then normal, high last; the sender learns why', async () => {
    const server = await startServer({ plugin: { rateLimits: { perConnection: 20, perGroup: 10_000 } } })
    const [ann, bob, cy] = await Promise.all(['ann', 'bob', 'cy'].map((user) => server.connect(user, { carrier })))
    const heard = await bob!.hear(group)
    // Forty at once: half of them may be low, eight in ten normal. What takes long gets a few more.
    const low = await flood(ann!, 40, 'low')
    expect(low.accepted).toBeGreaterThanOrEqual(20)
    expect(low.accepted).toBeLessThan(30)
    const normal = await flood(ann!, 40, 'normal')
    expect(normal.accepted).toBeGreaterThanOrEqual(10)
    expect(normal.accepted).toBeLessThan(20)
    const high = await flood(ann!, 40, 'high')
    expect(high.accepted).toBeGreaterThanOrEqual(6)
    expect(high.accepted).toBeLessThan(20)
    for (const { refused } of [low, normal, high]) {
      expect(refused[0]).toEqual({
        ok: false,
        code: 'rate-limited',
        message: 'Too many messages arrived from this connection just now. Send fewer, or wait a second.',
      })
    }
    const accepted = low.accepted + normal.accepted + high.accepted
    expect(server.online.stats().dropped['rate-limited']).toBe(120 - accepted)
    // Another connection has a bucket of its own.
    expect((await flood(cy!, 10, 'low')).accepted).toBe(10)
    await bob!.settled()
    expect(heard).toHaveLength(accepted + 10)
  })

  test('perGroup: all senders of a group share one limit; other groups and one-to-one are not affected', async () => {
    const server = await startServer({ plugin: { rateLimits: { perConnection: 10_000, perGroup: 20 } } })
    const [ann, bob, cy] = await Promise.all(['ann', 'bob', 'cy'].map((user) => server.connect(user, { carrier })))
    await bob!.hear(group)
    await bob!.hear({ group: 'other' })
    const floods = await Promise.all([flood(ann!, 40, 'high'), flood(cy!, 40, 'high')])
    const accepted = floods[0].accepted + floods[1].accepted
    expect(accepted).toBeGreaterThanOrEqual(40)
    expect(accepted).toBeLessThan(60)
    expect([...floods[0].refused, ...floods[1].refused][0]).toEqual({
      ok: false,
      code: 'rate-limited',
      message: 'Too many messages arrived in this group just now. Send fewer, or wait a second.',
    })
    expect((await flood(ann!, 40, 'high', { group: 'other' })).accepted).toBe(40)
    const direct = await Promise.all(Array.from({ length: 60 }, () => ann!.client.send({ user: 'bob' }, 'note')))
    expect(direct.every(({ ok }) => ok)).toBe(true)
  })

  test('a rate limit recovers', async () => {
    const server = await startServer({ plugin: { rateLimits: { perConnection: 50 } } })
    const ann = await server.connect('ann', { carrier })
    await flood(ann, 100, 'high')
    const later = async () => (await ann.client.send(group, 'note', 1, { priority: 'normal' })).ok
    let ok = await later()
    const end = performance.now() + 3000
    while (!ok && performance.now() < end) ok = await later()
    expect(ok).toBe(true)
  })
})

test('typing leases are limited like messages, and releasing them never is', async () => {
  const server = await startServer({ plugin: { rateLimits: { perConnection: 5 } } })
  const ann = await server.connect('ann')
  const bob = await server.connect('bob')
  const states = await bob.watch(group)
  for (let n = 0; n < 20; n++) {
    ann.client.typing(group).keystroke()
    ann.client.typing(group).stop()
  }
  await allQuiet(ann, bob)
  expect(states.length).toBeLessThan(24)
  expect([states.at(-1)?.total, server.online.stats().leases]).toEqual([0, 0])
  expect(ann.errors[0]).toMatchObject({ code: 'rate-limited', conversation: group, command: 'textInput' })
})

test('one connection is subscribed to at most 1000 conversations, however slow authorize is', async () => {
  for (const authorize of ['anyone', async () => true] as const) {
    const server = await startServer({ plugin: { authorize } })
    const ann = await server.raw('ann')
    const refusals: [at: number, conversation: { group: string }, refusal: { code: string; message: string }][] = []
    ann.on(REFUSED, (...args) => refusals.push(args as (typeof refusals)[number]))
    ann.emit(
      SUBSCRIBE,
      Array.from({ length: 1500 }, (_, n) => ({ group: `g${n}` })),
    )
    await until(() => refusals.length === 500)
    expect(server.online.stats().subscriptions).toBe(1000)
    expect(refusals[0]).toMatchObject([
      expect.any(Number),
      { group: 'g1000' },
      {
        code: 'rate-limited',
        message: 'This connection is subscribed to 1000 conversations already. Unsubscribe from some first.',
      },
    ])
    await closeAll()
  }
})
