import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ConnectionState, SendFailure, SendResult, TypingLease } from '../../../src/core/index.ts'
import type { TypingSender } from '../../../src/core/typing/typing-sender.ts'
import { fakePage } from '../../support/fake-page.ts'
import { typingSessions } from '../../support/typing-sessions.ts'

interface Rig {
  readonly sender: TypingSender
  readonly connection: StoreApi<ConnectionState>
  /** What went out: when, for how long, and what. */
  readonly sent: (TypingLease & { readonly at: number })[]
  readonly ttls: () => number[]
  readonly refused: SendFailure[]
  readonly ended: () => number
  answer(result: SendResult | Promise<SendResult>): void
}

let began = 0

function createRig(): Rig {
  const connection = createStore<ConnectionState>(() => 'online')
  const sent: Rig['sent'] = []
  const refused: SendFailure[] = []
  let ended = 0
  let result: SendResult | Promise<SendResult> = { ok: true }
  const sender = typingSessions({
    heartbeat: 5000,
    idle: 4000,
    connection,
    send(lease) {
      sent.push({ ...lease, at: performance.now() - began })
      return Promise.resolve(result)
    },
    refused: (failure) => refused.push(failure),
    ended: () => ended++,
  })
  return {
    sender,
    connection,
    sent,
    ttls: () => sent.map(({ ttl }) => ttl),
    refused,
    ended: () => ended,
    answer(next) {
      result = next
    },
  }
}

const forbidden: SendFailure = { ok: false, code: 'forbidden', message: 'You may not.' }
const limited: SendFailure = { ok: false, code: 'rate-limited', message: 'Too many.' }

/** A key every 200 ms. */
const typeFor = (sender: TypingSender, ms: number) => {
  for (let past = 0; past < ms; past += 200) {
    sender.key()
    vi.advanceTimersByTime(200)
  }
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
  began = performance.now()
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe('S1', () => {
  test('S1 the first key takes a lease at once', () => {
    const { sender, sent } = createRig()
    sender.key()
    expect(sent).toEqual([{ at: 0, ttl: 7000, activity: 'typing', since: 1_000_000 }])
  })

  test('S1 making a sender sends nothing, and leaves no timer and no listener', () => {
    const page = fakePage()
    const { sent } = createRig()
    expect(sent).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
    expect(page.listeners()).toBe(0)
  })

  test('S1 more keys send nothing more, and cost nothing', () => {
    const { sender, sent, connection } = createRig()
    sender.key()
    const look = vi.spyOn(connection, 'getState')
    for (let i = 0; i < 50; i++) sender.key()
    expect(sent).toHaveLength(1)
    expect(look).not.toHaveBeenCalled()
    expect(vi.getTimerCount()).toBe(1)
  })
})

describe('S2', () => {
  test('S2 renews every heartbeat, by the clock, not by keys', () => {
    const { sender, sent } = createRig()
    typeFor(sender, 16_000)
    expect(sent.map(({ at }) => at)).toEqual([0, 5000, 10_000, 15_000])
    expect(new Set(sent.map(({ since }) => since)).size).toBe(1)
  })

  test('S2 one key just before the heartbeat is renewed by the clock', () => {
    const { sender, sent } = createRig()
    sender.key()
    vi.advanceTimersByTime(3900)
    sender.key()
    vi.advanceTimersByTime(1100)
    expect(sent.map(({ at }) => at)).toEqual([0, 5000])
  })

  test('S2 60 s of typing at five keys a second, then stop: at most 14 messages', () => {
    const { sender, sent } = createRig()
    typeFor(sender, 60_000)
    sender.stop()
    expect(sent.length).toBeLessThanOrEqual(14)
    expect(sent.at(-1)?.ttl).toBe(0)
  })
})

describe('S3', () => {
  test('S3 idle without a key gives it back', () => {
    const { sender, sent, ended } = createRig()
    sender.key()
    vi.advanceTimersByTime(3999)
    expect(sent).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect(sent.at(-1)).toEqual({ at: 4000, ttl: 0, activity: 'typing', since: 1_000_000 })
    expect(ended()).toBe(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('S3 idle counts from the last key', () => {
    const { sender, sent } = createRig()
    typeFor(sender, 3000)
    vi.advanceTimersByTime(20_000)
    expect(sent.at(-1)).toMatchObject({ at: 2800 + 4000, ttl: 0 })
  })

  test('S3 typing again after idle is a new session', () => {
    const { sender, sent, ttls } = createRig()
    sender.key()
    vi.advanceTimersByTime(10_000)
    sender.key()
    expect(ttls()).toEqual([7000, 0, 7000])
    expect(sent[2]?.since).toBe(1_010_000)
  })
})

describe('S4', () => {
  test('S4 stop gives it back at once', () => {
    const { sender, ttls, ended } = createRig()
    sender.key()
    sender.stop()
    expect(ttls()).toEqual([7000, 0])
    expect(ended()).toBe(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('S4 without a lease nothing is sent', () => {
    const { sender, sent, ended } = createRig()
    sender.stop()
    sender.stop()
    expect(sent).toEqual([])
    expect(ended()).toBe(0)
  })

  test('S4 stop twice gives back once', () => {
    const { sender, ttls } = createRig()
    sender.key()
    sender.stop()
    sender.stop()
    vi.advanceTimersByTime(60_000)
    expect(ttls()).toEqual([7000, 0])
  })

  test('S4 start, stop and start again in one tick converge on the last wish', () => {
    const { sender, ttls } = createRig()
    sender.key()
    sender.stop()
    sender.key()
    expect(ttls()).toEqual([7000, 0, 7000])
    sender.stop()
    expect(ttls()).toEqual([7000, 0, 7000, 0])
  })

  test('S4 a key that empties the field ends typing at once', () => {
    const { sender, ttls, ended } = createRig()
    sender.key(() => 'a')
    sender.key(() => '')
    expect(ttls()).toEqual([7000, 0])
    expect(ended()).toBe(1)
  })

  test('S4 a first key in an empty field sends nothing and ends', () => {
    const { sender, sent, ended } = createRig()
    sender.key(() => '')
    expect(sent).toEqual([])
    expect(ended()).toBe(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('S4 a field found empty at the next renewal ends typing', () => {
    const { sender, sent } = createRig()
    let text = 'hello'
    for (let past = 0; past < 4000; past += 1000) {
      sender.key(() => text)
      vi.advanceTimersByTime(1000)
    }
    text = ''
    vi.advanceTimersByTime(999)
    expect(sent).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect(sent.at(-1)).toMatchObject({ at: 5000, ttl: 0 })
    expect(vi.getTimerCount()).toBe(0)
  })

  test('S4 a field that is not empty is renewed, and the latest reader is asked', () => {
    const { sender, ttls } = createRig()
    const first = vi.fn(() => 'x')
    sender.key(first)
    vi.advanceTimersByTime(2000)
    sender.key(() => 'y')
    first.mockReturnValue('')
    vi.advanceTimersByTime(3000)
    expect(ttls()).toEqual([7000, 7000])
  })

  test('S4 an emptied field does not end what is held', () => {
    const { sender, sent } = createRig()
    sender.key(() => 'a')
    const release = sender.hold('file')
    sender.key(() => '')
    vi.advanceTimersByTime(20_000)
    expect(sent.at(-1)).toMatchObject({ activity: 'file', ttl: 7000 })
    release()
    expect(sent.at(-1)).toMatchObject({ activity: 'file', ttl: 0 })
  })

  test('S4 a hidden page gives back at once, and in sight again it is taken again', () => {
    const page = fakePage()
    const { sender, ttls, ended } = createRig()
    sender.key()
    page.hide()
    expect(ttls()).toEqual([7000, 0])
    expect(ended()).toBe(0)
    vi.advanceTimersByTime(1000)
    page.show()
    expect(ttls()).toEqual([7000, 0, 7000])
  })

  test('S4 a page that stays hidden lets typing end without another word', () => {
    const page = fakePage()
    const { sender, ttls, ended } = createRig()
    sender.key()
    page.hide()
    vi.advanceTimersByTime(60_000)
    page.show()
    expect(ttls()).toEqual([7000, 0])
    expect(ended()).toBe(1)
    expect(vi.getTimerCount()).toBe(0)
    expect(page.listeners()).toBe(0)
  })

  test('S4 keys on a hidden page send nothing', () => {
    const page = fakePage()
    page.hide()
    const { sender, sent } = createRig()
    typeFor(sender, 12_000)
    expect(sent).toEqual([])
    page.show()
    expect(sent).toHaveLength(1)
  })

  test('S4 hold goes on behind a hidden page and shows again with it', () => {
    const page = fakePage()
    const { sender, ttls } = createRig()
    const release = sender.hold('recording')
    page.hide()
    vi.advanceTimersByTime(60_000)
    expect(ttls()).toEqual([7000, 0])
    page.show()
    expect(ttls()).toEqual([7000, 0, 7000])
    release()
    expect(ttls()).toEqual([7000, 0, 7000, 0])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('S4 pagehide gives back at once and ends typing, held or not', () => {
    const page = fakePage()
    const { sender, ttls, ended } = createRig()
    sender.key()
    const release = sender.hold('photo')
    page.leave()
    expect(ttls()).toEqual([7000, 7000, 0])
    expect(ended()).toBe(1)
    release()
    expect(ttls()).toHaveLength(3)
    expect(page.listeners()).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('S4 the page is watched from the first key to the end, and no longer', () => {
    const page = fakePage()
    const { sender } = createRig()
    sender.key()
    const listeners = page.listeners()
    expect(listeners).toBeGreaterThan(0)
    sender.key()
    expect(page.listeners()).toBe(listeners)
    sender.stop()
    expect(page.listeners()).toBe(0)
  })
})

describe('S5', () => {
  test('S5 a lease lives heartbeat + 2 s, so a renewal up to 2 s late still finds it alive', () => {
    const { sender, sent } = createRig()
    typeFor(sender, 30_000)
    for (const [i, lease] of sent.entries()) {
      const next = sent[i + 1]
      if (next) expect(lease.at + lease.ttl - next.at).toBe(2000)
    }
  })
})

describe('hold', () => {
  test('keeps a lease without keys until released (S2)', () => {
    const { sender, sent } = createRig()
    const release = sender.hold('thinking')
    vi.advanceTimersByTime(12_000)
    expect(sent.map(({ at }) => at)).toEqual([0, 5000, 10_000])
    release()
    expect(sent.at(-1)).toMatchObject({ at: 12_000, ttl: 0, activity: 'thinking' })
    expect(vi.getTimerCount()).toBe(0)
  })

  test('released twice it gives back once, and ends no other hold', () => {
    const { sender, ttls } = createRig()
    const first = sender.hold('file')
    const second = sender.hold('file')
    first()
    first()
    vi.advanceTimersByTime(5000)
    expect(ttls()).toEqual([7000, 7000])
    second()
    expect(ttls()).toEqual([7000, 7000, 0])
  })

  test('the latest of several is shown, then the one before it', () => {
    const { sender, sent } = createRig()
    const file = sender.hold('file')
    const photo = sender.hold('photo')
    file()
    const video = sender.hold('video')
    video()
    photo()
    expect(sent.map(({ activity, ttl }) => `${activity} ${ttl}`)).toEqual([
      'file 7000',
      'photo 7000',
      'video 7000',
      'photo 7000',
      'photo 0',
    ])
    expect(new Set(sent.map(({ since }) => since)).size).toBe(1)
  })

  test('covers keys, and typing shows again when it is released in time', () => {
    const { sender, sent } = createRig()
    sender.key()
    const release = sender.hold('sticker')
    vi.advanceTimersByTime(1000)
    sender.key()
    release()
    expect(sent.map(({ activity }) => activity)).toEqual(['typing', 'sticker', 'typing'])
    vi.advanceTimersByTime(4000)
    expect(sent.at(-1)).toMatchObject({ at: 5000, ttl: 0, activity: 'typing' })
  })

  test('outlives keys without a timer that spins', () => {
    const { sender, connection } = createRig()
    const release = sender.hold('file')
    sender.key()
    vi.advanceTimersByTime(4500)
    const look = vi.spyOn(connection, 'getState')
    vi.advanceTimersByTime(10_000)
    expect(look.mock.calls.length).toBeLessThanOrEqual(2)
    release()
  })

  test('S4 stop ends it, and releasing it later does nothing', () => {
    const { sender, ttls } = createRig()
    const release = sender.hold('file')
    sender.stop()
    release()
    expect(ttls()).toEqual([7000, 0])
    sender.key()
    release()
    expect(ttls()).toEqual([7000, 0, 7000])
  })
})

describe('a refused lease', () => {
  test('does not count as held: it is reported, and nothing is given back', async () => {
    const { sender, ttls, refused, answer } = createRig()
    answer(forbidden)
    sender.key()
    await Promise.resolve()
    expect(refused).toEqual([forbidden])
    sender.stop()
    expect(ttls()).toEqual([7000])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('is tried again with the heartbeat, not with each key', async () => {
    const { sender, ttls, refused, answer } = createRig()
    answer(forbidden)
    for (let past = 0; past < 4900; past += 100) {
      sender.key()
      await vi.advanceTimersByTimeAsync(100)
    }
    expect(ttls()).toEqual([7000])
    answer({ ok: true })
    sender.key()
    await vi.advanceTimersByTimeAsync(100)
    expect(ttls()).toEqual([7000, 7000])
    expect(refused).toHaveLength(1)
    sender.stop()
    expect(ttls()).toEqual([7000, 7000, 0])
  })

  test('as a renewal leaves the lease before it to be given back', async () => {
    const { sender, ttls, answer } = createRig()
    const release = sender.hold('thinking')
    await vi.advanceTimersByTimeAsync(0)
    answer(limited)
    await vi.advanceTimersByTimeAsync(5000)
    release()
    expect(ttls()).toEqual([7000, 7000, 0])
  })

  test('answered late does not undo a newer one', async () => {
    const { sender, ttls, refused, answer } = createRig()
    let arrive = (_: SendResult) => {}
    answer(new Promise((resolve) => (arrive = resolve)))
    sender.key()
    sender.stop()
    answer({ ok: true })
    sender.key()
    arrive(forbidden)
    await vi.advanceTimersByTimeAsync(0)
    expect(refused).toEqual([forbidden])
    sender.stop()
    expect(ttls()).toEqual([7000, 0, 7000, 0])
  })
})

describe('connection', () => {
  test.each(['offline', 'connecting'] as const)('%s: keys send nothing and leave nothing', (state) => {
    const { sender, sent, connection } = createRig()
    connection.setState(state)
    typeFor(sender, 10_000)
    expect(sent).toEqual([])
    vi.advanceTimersByTime(10_000)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('back online while typing: the lease is taken again at once (S1)', () => {
    const { sender, sent, connection } = createRig()
    sender.key()
    vi.advanceTimersByTime(500)
    connection.setState('offline')
    const attempts = sent.length
    vi.advanceTimersByTime(500)
    connection.setState('connecting')
    sender.key()
    vi.advanceTimersByTime(500)
    expect(sent).toHaveLength(attempts)
    connection.setState('online')
    expect(sent.at(-1)).toMatchObject({ at: 1500, ttl: 7000 })
  })

  test('T1 back online after typing has ended: nothing is sent', () => {
    const { sender, sent, connection, ended } = createRig()
    sender.key()
    connection.setState('offline')
    const attempts = sent.length
    sender.stop()
    vi.advanceTimersByTime(30_000)
    connection.setState('online')
    expect(sent).toHaveLength(attempts)
    expect(ended()).toBe(1)
  })

  test('is watched while typing, and no longer', () => {
    const { sender, connection, sent } = createRig()
    const subscribe = vi.spyOn(connection, 'subscribe')
    sender.key()
    sender.key()
    expect(subscribe).toHaveBeenCalledTimes(1)
    sender.stop()
    connection.setState('offline')
    connection.setState('online')
    expect(sent).toHaveLength(2)
  })
})
