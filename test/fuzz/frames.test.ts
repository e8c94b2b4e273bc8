import type { Socket } from 'socket.io-client'
import { afterEach, expect, test, vi } from 'vitest'
import { ACTIVE, HELLO, LEASE, SUBSCRIBE, MESSAGE, REFUSED, SEND, TYPISTS } from '../../src/core/transport/wire.ts'
import { allQuiet, closeAll, heapInUse, names, startServer, until } from '../support/server/harness.ts'

afterEach(closeAll)

/** `SEED=… npx vitest run --project node test/fuzz` uses another one. */
const SEED = Number(process.env.SEED ?? 20_261_120)
const FRAMES = 100_000
const ATTACKERS = 8

/** mulberry32: the same numbers for the same seed, on every machine. */
function createRandom(seed: number) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number) => Math.floor(next() * limit)
  const pick = <T>(items: readonly T[]): T => items[below(items.length)]!
  return { next, below, pick }
}

/** A placeholder for arrays so deep that no encoder can write them. */
const DEEP = 'deep'

/** Makes frames of text. Most of them are nearly valid, since those get further into the server than nonsense. */
function createFrames({ next, below, pick }: ReturnType<typeof createRandom>, now: () => number) {
  const events = [HELLO, SUBSCRIBE, SUBSCRIBE, SEND, LEASE, ACTIVE]
  const names = [
    'ann',
    'bob',
    'eve',
    'team',
    'secret',
    'mallory0',
    'mallory1',
    '__proto__',
    'constructor',
    '',
    '\ud800',
    'x'.repeat(256),
    'x'.repeat(257),
  ]
  const scalars = [
    null,
    true,
    false,
    0,
    -1,
    1,
    1e300,
    -0.5,
    '',
    'note',
    'textInput',
    'typing',
    'high',
    'low',
    '{"a":1}',
    '\0',
    'x'.repeat(4097),
    DEEP,
  ]

  const bomb = '['.repeat(4000) + ']'.repeat(4000)

  const conversation = (): unknown => {
    const fields: Record<string, unknown> = {}
    if (next() < 0.9) fields[pick(['group', 'group', 'user'])] = pick(names)
    if (next() < 0.2) fields.thread = pick(names)
    if (next() < 0.1) fields[pick(['group', 'user', 'thread', 'from', '__proto__', 'toJSON', 'then'])] = value(2)
    return fields
  }
  const value = (depth: number): unknown => {
    const kind = below(depth > 0 ? 8 : 4)
    if (kind < 3) return pick(scalars)
    if (kind < 5) return conversation()
    const items = Array.from({ length: below(4) }, () => value(depth - 1))
    return kind < 7 ? items : Object.fromEntries(items.map((item) => [pick(names), item]))
  }
  const stamp = () => pick<unknown>([now(), now(), now(), now(), now() - 1900, now() - 5000, now() + 1e9, value(1)])
  const validArgs = (event: string): unknown[] => {
    const list = Array.from({ length: below(6) }, conversation)
    if (event === HELLO) return [1]
    if (event === SUBSCRIBE) return pick([[list], [list, true], [list, false], [list, value(1)]])
    if (event === SEND)
      return [
        stamp(),
        pick(['note', 'other']),
        pick(['', '1', '{"a":[1,2]}', '{']),
        conversation(),
        pick(['high', 'normal', 'low']),
      ]
    if (event === LEASE)
      return [stamp(), pick([0, 7000, 7000, 1e300, -1]), pick(['typing', 'file', '__proto__']), conversation()]
    return []
  }
  const args = (): unknown[] => {
    const event = pick(events)
    const all = [event, ...validArgs(event)]
    // About half of them get something wrong.
    if (next() < 0.25) all[1 + below(all.length - 1)] = value(3)
    if (next() < 0.15) all.splice(1 + below(all.length - 1), 1)
    if (next() < 0.1) all.push(value(3))
    return all
  }
  return (): string => {
    const id = next() < 0.5 ? String(pick([below(1000), 2 ** 30 + below(1000), 2 ** 53])) : ''
    const text = `2${id}${JSON.stringify(args())}`.replaceAll(`"${DEEP}"`, bomb)
    // Socket.IO itself ends a connection that sends an invalid packet, so these are rare.
    if (next() < 0.0005)
      return pick(['', '2', '3', '4', '0', '1', '51-', '9', '2[1,', '2[7,']) + text.slice(below(text.length))
    return text
  }
}

test(
  `${FRAMES} random frames, seed ${SEED}: the process survives, memory is freed, and nobody receives what they may not`,
  { timeout: 60_000 },
  async () => {
    console.log(`fuzz: seed ${SEED}`)
    const consoleErrors = vi.spyOn(console, 'error').mockReturnValue()
    const uncaught: unknown[] = []
    const onUncaught = (error: unknown) => uncaught.push(error)
    process.on('uncaughtException', onUncaught).on('unhandledRejection', onUncaught)

    const random = createRandom(SEED + 1)
    const frame = createFrames(createRandom(SEED), () => Math.round(performance.timeOrigin + performance.now()))
    const server = await startServer({
      plugin: {
        rateLimits: { perConnection: 100_000, perGroup: 100_000 },
        countRecipients: true,
        authorize({ user, conversation, action }) {
          if (conversation.group === 'secret') return ['ann', 'bob'].includes(user.id)
          if (action === 'send' && random.next() < 0.05) throw new Error('no database')
          return random.next() < 0.2 ? Promise.resolve(true) : true
        },
      },
    })
    const ann = await server.connect('ann')
    const bob = await server.connect('bob')
    const received = await bob.hear({ group: 'secret' })
    const states = await bob.watch({ group: 'secret' })
    const receivedDirect = await bob.hear({ user: 'ann' })

    /** Eve has no permission for the group, and what ann and bob send each other is not for her. */
    const eve = await server.raw('eve')
    const eveReceived: unknown[] = []
    for (const event of [MESSAGE, TYPISTS]) eve.on(event, (...args: unknown[]) => eveReceived.push(args))
    let refusals = 0
    eve.on(REFUSED, () => refusals++)
    eve.emit(SUBSCRIBE, [{ group: 'secret' }, { user: 'bob' }])
    await eve.emitWithAck('test:ping')

    /** What attackers receive of the secret group, or of private messages of others. */
    const leaked: unknown[] = []
    const attack = async (name: string): Promise<Socket> => {
      const attacker = await server.raw(name, { socket: { reconnection: false } })
      attacker.onAny(
        (event: string, _at: number, to: { group?: string; user?: string } | undefined, ...rest: unknown[]) => {
          if (event === REFUSED) return
          const from = (rest[2] ?? {}) as { id?: string }
          if (to?.group === 'secret' || from.id === name) leaked.push([name, event, to, ...rest])
        },
      )
      return attacker
    }
    let endedConnections = 0
    /** Attackers connect, write this many frames, and disconnect. */
    const attackWave = async (frames: number) => {
      const ids = Array.from({ length: ATTACKERS }, (_, n) => `mallory${n}`)
      let attackers = await Promise.all(ids.map(attack))
      for (let written = 0; written < frames;) {
        for (let n = 0; n < 1000; n++, written++) attackers[n % ATTACKERS]!.io.engine.write(frame())
        // The honest pair goes on talking.
        void ann.client.send({ group: 'secret' }, 'note', written)
        await until(() => attackers.every(({ io }) => !(io.engine as { writeBuffer?: unknown[] }).writeBuffer?.length))
        await ann.settled()
        attackers = await Promise.all(
          attackers.map(async (attacker, n) => {
            if (attacker.connected && server.io.sockets.sockets.has(attacker.id!)) return attacker
            attacker.disconnect()
            endedConnections++
            return attack(ids[n]!)
          }),
        )
        consoleErrors.mockClear()
        received.length = receivedDirect.length = 0
      }
      const { leases, subscriptions } = server.online.stats()
      expect(leases).toBeLessThanOrEqual(ATTACKERS * 100)
      expect(subscriptions).toBeLessThanOrEqual(ATTACKERS * 1000 + 3)
      for (const attacker of attackers) attacker.disconnect()
      await until(() => server.online.stats().connections === 3)
      expect(server.online.stats()).toMatchObject({ subscriptions: 3, leases: 0 })
    }

    // The first wave pays for what is allocated once.
    await attackWave(0.2 * FRAMES)
    const before = heapInUse()
    await attackWave(0.8 * FRAMES)
    expect(heapInUse() - before).toBeLessThan(1_000_000)

    const { messagesIn, messagesOut, dropped } = server.online.stats()
    console.log(`fuzz: ${messagesIn} in, ${messagesOut} out, ${endedConnections} connections ended, dropped`, dropped)
    // The frames got far enough into the server to test it.
    for (const count of [messagesIn, dropped.expired, dropped.forbidden, dropped.invalid])
      expect(count).toBeGreaterThan(1000)

    // The honest pair can still talk.
    received.length = receivedDirect.length = 0
    let result = await ann.client.send({ group: 'secret' }, 'note', 'after')
    for (let n = 0; n < 20 && !result.ok; n++) result = await ann.client.send({ group: 'secret' }, 'note', 'after')
    ann.client.typing({ group: 'secret' }).keystroke()
    await until(() => names(states.at(-1))?.join() === 'ann')
    ann.client.typing({ group: 'secret' }).stop()
    await allQuiet(ann, bob)
    expect([received.map(({ data }) => data), states.at(-1)?.total]).toEqual([['after'], 0])
    expect(states.flatMap(names).filter((name) => name !== 'ann')).toEqual([])

    await eve.emitWithAck('test:ping')
    expect([eveReceived, refusals, leaked]).toEqual([[], 1, []])
    process.off('uncaughtException', onUncaught).off('unhandledRejection', onUncaught)
    expect(uncaught).toEqual([])
    consoleErrors.mockRestore()
  },
)
