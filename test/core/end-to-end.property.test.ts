import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createOnlineMessageClient, type Conversation } from '../../src/core/index.ts'
import { createMemoryNetwork } from '../../src/transports/memory/index.ts'
import { withKeptHandles } from '../support/kept-handles.ts'

/** Four devices; the first two are one user's. */
const USERS = ['ann', 'ann', 'bob', 'cy']

const device = fc.nat(USERS.length - 1)
const conversation = fc.constantFrom<Conversation>({ group: 'team' }, { user: 'ann' }, { user: 'bob' })
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('key' as const, 'stop' as const, 'start activity' as const, 'message' as const),
      device,
      conversation,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('disconnect' as const, 'reconnect' as const, 'unsubscribe' as const, 'subscribe' as const),
      device,
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 3000 }) }) },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

// Hundreds of runs need more than the default on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('G1, G2, T1, T4, S1–S5, R1–R6: four devices over a network with latency, loss and disconnects', async () => {
  let messagesReceived = 0
  let typistsSeen = 0

  const run = async (latency: number, loss: number, steps: readonly Step[]) => {
    // A run that fails leaves its timers to the next run.
    vi.clearAllTimers()
    let seed = 1
    const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647
    const network = createMemoryNetwork({ latency, loss, random })
    let sent = 0
    /** By message: the periods of subscription, of all devices, in which it may arrive. */
    const allowed = new Map<number, Set<object>>()
    const endActivities: (() => void)[] = []

    const devices = USERS.map((id) => {
      const transport = network.join({ id })
      const client = withKeptHandles(
        createOnlineMessageClient({ transport, onError: (error) => expect.unreachable(error.message) }),
      )
      const others: Conversation[] = [{ group: 'team' }, ...['ann', 'bob', 'cy'].map((user) => ({ user }))]
      let period: object = {}
      let isSubscribed = false
      let unsubscribes: (() => void)[] = []
      return {
        id,
        transport,
        client,
        others,
        /** A message may arrive only if it was sent in the same period: connected and subscribed without a gap. */
        period: () => (isSubscribed && transport.connection.getState() === 'online' ? period : undefined),
        gap() {
          period = {}
        },
        subscribe() {
          if (isSubscribed) return
          isSubscribed = true
          period = {}
          unsubscribes = others.flatMap((where) => [
            client.subscribe(where, 'seq', ({ data, from }) => {
              expect(from.id).not.toBe(id)
              expect(allowed.get(data as number)).toContain(period)
              messagesReceived++
              client.clearTypist(where, from.id)
            }),
            client.typists(where).subscribe(({ typists, total }) => {
              expect(typists.map((typist) => typist.id)).not.toContain(id)
              expect(total).toBe(typists.length)
              if (total) {
                expect(transport.connection.getState()).toBe('online')
                typistsSeen++
              }
            }),
          ])
        },
        unsubscribe() {
          isSubscribed = false
          for (const unsubscribe of unsubscribes) unsubscribe()
        },
        typists: () => others.map((where) => client.typists(where).getState().total),
      }
    })
    for (const each of devices) each.subscribe()

    const act = (each: Step) => {
      if (each.do === 'wait') return
      const one = devices[each.device]!
      switch (each.do) {
        case 'key':
          one.client.typing(each.conversation).keystroke()
          break
        case 'stop':
          one.client.typing(each.conversation).stop()
          break
        case 'start activity':
          endActivities.push(one.client.typing(each.conversation).startActivity('file'))
          break
        case 'message': {
          const seq = sent++
          const { user } = each.conversation
          const receivers = devices.filter(({ id }) => id !== one.id && (user === undefined || user === id))
          allowed.set(seq, new Set(receivers.flatMap(({ period }) => period() ?? [])))
          void one.client.send(each.conversation, 'seq', seq).then((result) => {
            if (!result.ok) allowed.set(seq, new Set())
          })
          break
        }
        case 'disconnect':
          one.transport.disconnect()
          one.gap()
          expect(one.typists().every((total) => total === 0)).toBe(true)
          break
        case 'reconnect':
          one.transport.reconnect()
          break
        case 'unsubscribe':
        case 'subscribe':
          one[each.do]()
      }
    }

    for (const each of steps) {
      act(each)
      await vi.advanceTimersByTimeAsync(each.do === 'wait' ? each.ms : 0)
    }

    // All devices are back, and one starts an activity: without loss all others show it.
    for (const each of devices) {
      each.transport.reconnect()
      each.subscribe()
    }
    const typing = devices[2]!.client.typing({ group: 'team' })
    typing.stop()
    const endActivity = typing.startActivity('recording')
    await vi.advanceTimersByTimeAsync(latency)
    if (!loss) {
      for (const { id, client } of devices) {
        const isShown = client
          .typists({ group: 'team' })
          .getState()
          .typists.some((typist) => typist.id === 'bob')
        expect(isShown).toBe(id !== 'bob')
      }
    }
    endActivity()

    // After a quiet time nobody is shown any more, whatever was lost.
    for (const each of endActivities) each()
    await vi.advanceTimersByTimeAsync(4000 + 7000 + latency)
    for (const { typists } of devices) expect(typists()).toEqual([0, 0, 0, 0])
    expect(vi.getTimerCount()).toBe(0)

    for (const each of devices) each.unsubscribe()
    await expect(devices[0]!.client.send({ group: 'team' }, 'seq', -1)).resolves.toEqual({ ok: true, recipients: 0 })
    expect(vi.getTimerCount()).toBe(0)
  }

  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1500 })),
      fc.constantFrom(0, 0, 0.3),
      fc.array(step, { maxLength: 50, size: 'max' }),
      run,
    ),
    { numRuns: 150 },
  )
  // The test of the test: messages were received and typists were shown.
  expect(messagesReceived).toBeGreaterThan(50)
  expect(typistsSeen).toBeGreaterThan(50)
})
