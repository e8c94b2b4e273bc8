import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ConnectionState, SendFailure, SendResult, TypingLease } from '../../../src/core/index.ts'
import { fakePage } from '../../support/fake-page.ts'
import { type SessionHandle, typingSessions } from '../../support/typing-sessions.ts'

interface TestSender {
  readonly sender: SessionHandle
  /** Makes another handle of the same conversation. */
  readonly anotherHandle: () => SessionHandle
  readonly connection: StoreApi<ConnectionState>
  /** The leases that were sent, and when. */
  readonly sent: (TypingLease & { readonly at: number })[]
  readonly ttls: () => number[]
  /** The activities that were sent, "release" for a release. */
  readonly said: () => string[]
  readonly refused: SendFailure[]
  readonly ended: () => number
  answer(result: SendResult | Promise<SendResult>): void
}

let began = 0

function createTestSender(): TestSender {
  const connection = createStore<ConnectionState>(() => 'online')
  const sent: TestSender['sent'] = []
  const refused: SendFailure[] = []
  let ended = 0
  let result: SendResult | Promise<SendResult> = { ok: true }
  const createHandle = typingSessions({
    heartbeatInterval: 5000,
    idleTimeout: 4000,
    connection,
    send(lease) {
      sent.push({ ...lease, at: performance.now() - began })
      return Promise.resolve(result)
    },
    onRefused: (failure) => refused.push(failure),
    onEnd: () => ended++,
  })
  return {
    sender: createHandle(),
    anotherHandle: createHandle,
    connection,
    sent,
    ttls: () => sent.map(({ ttl }) => ttl),
    said: () => sent.map(({ ttl, activity }) => (ttl > 0 ? activity : 'release')),
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
const typeFor = (sender: SessionHandle, ms: number) => {
  for (let past = 0; past < ms; past += 200) {
    sender.keystroke()
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

describe('S1: the first key', () => {
  test('S1: the first key takes a lease at once', () => {
    const { sender, sent } = createTestSender()
    sender.keystroke()
    expect(sent).toEqual([{ at: 0, ttl: 7000, activity: 'typing', since: 1_000_000 }])
  })

  test('S1: without a key it sends nothing, and starts no timer and no listener', () => {
    const page = fakePage()
    const { sent } = createTestSender()
    expect(sent).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
    expect(page.listeners()).toBe(0)
  })

  test('S1: more keys send nothing more, and cost nothing', () => {
    const { sender, sent, connection } = createTestSender()
    sender.keystroke()
    const getState = vi.spyOn(connection, 'getState')
    for (let i = 0; i < 50; i++) sender.keystroke()
    expect(sent).toHaveLength(1)
    expect(getState).not.toHaveBeenCalled()
    expect(vi.getTimerCount()).toBe(1)
  })
})

describe('S2: renewing', () => {
  test('S2: renews every heartbeatInterval, by the clock and not by keys', () => {
    const { sender, sent } = createTestSender()
    typeFor(sender, 16_000)
    expect(sent.map(({ at }) => at)).toEqual([0, 5000, 10_000, 15_000])
    expect(new Set(sent.map(({ since }) => since)).size).toBe(1)
  })

  test('S2: a key just before the renewal is renewed by the clock', () => {
    const { sender, sent } = createTestSender()
    sender.keystroke()
    vi.advanceTimersByTime(3900)
    sender.keystroke()
    vi.advanceTimersByTime(1100)
    expect(sent.map(({ at }) => at)).toEqual([0, 5000])
  })

  test('S2: 60 s of typing at five keys a second, then stop: at most 14 messages', () => {
    const { sender, sent } = createTestSender()
    typeFor(sender, 60_000)
    sender.stop()
    expect(sent.length).toBeLessThanOrEqual(14)
    expect(sent.at(-1)?.ttl).toBe(0)
  })
})

describe('S3: being idle', () => {
  test('S3: idleTimeout without a key releases the lease', () => {
    const { sender, sent, ended } = createTestSender()
    sender.keystroke()
    vi.advanceTimersByTime(3999)
    expect(sent).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect(sent.at(-1)).toEqual({ at: 4000, ttl: 0, activity: 'typing', since: 1_000_000 })
    expect(ended()).toBe(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('S3: idleTimeout counts from the last key', () => {
    const { sender, sent } = createTestSender()
    typeFor(sender, 3000)
    vi.advanceTimersByTime(20_000)
    expect(sent.at(-1)).toMatchObject({ at: 2800 + 4000, ttl: 0 })
  })

  test('S3: typing again after idleTimeout is a new session', () => {
    const { sender, sent, ttls } = createTestSender()
    sender.keystroke()
    vi.advanceTimersByTime(10_000)
    sender.keystroke()
    expect(ttls()).toEqual([7000, 0, 7000])
    expect(sent[2]?.since).toBe(1_010_000)
  })
})

describe('S4: stopping', () => {
  test('S4: stop releases the lease at once', () => {
    const { sender, ttls, ended } = createTestSender()
    sender.keystroke()
    sender.stop()
    expect(ttls()).toEqual([7000, 0])
    expect(ended()).toBe(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('S4: without a lease nothing is sent', () => {
    const { sender, sent, ended } = createTestSender()
    sender.stop()
    sender.stop()
    expect(sent).toEqual([])
    expect(ended()).toBe(0)
  })

  test('S4: stopping twice releases once', () => {
    const { sender, ttls } = createTestSender()
    sender.keystroke()
    sender.stop()
    sender.stop()
    vi.advanceTimersByTime(60_000)
    expect(ttls()).toEqual([7000, 0])
  })

  test('S4: start, stop and start again in one tick end in the latest wish', () => {
    const { sender, ttls } = createTestSender()
    sender.keystroke()
    sender.stop()
    sender.keystroke()
    expect(ttls()).toEqual([7000, 0, 7000])
    sender.stop()
    expect(ttls()).toEqual([7000, 0, 7000, 0])
  })

  test('S4: a key that empties the field ends typing at once', () => {
    const { sender, ttls, ended } = createTestSender()
    sender.keystroke(() => 'a')
    sender.keystroke(() => '')
    expect(ttls()).toEqual([7000, 0])
    expect(ended()).toBe(1)
  })

  test('S4: a first key in an empty field sends nothing and ends', () => {
    const { sender, sent, ended } = createTestSender()
    sender.keystroke(() => '')
    expect(sent).toEqual([])
    expect(ended()).toBe(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('S4: a field that is empty at the next renewal ends typing', () => {
    const { sender, sent } = createTestSender()
    let text = 'hello'
    for (let past = 0; past < 4000; past += 1000) {
      sender.keystroke(() => text)
      vi.advanceTimersByTime(1000)
    }
    text = ''
    vi.advanceTimersByTime(999)
    expect(sent).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect(sent.at(-1)).toMatchObject({ at: 5000, ttl: 0 })
    expect(vi.getTimerCount()).toBe(0)
  })

  test('S4: a field that is not empty is renewed, and the latest readText is called', () => {
    const { sender, ttls } = createTestSender()
    const first = vi.fn(() => 'x')
    sender.keystroke(first)
    vi.advanceTimersByTime(2000)
    sender.keystroke(() => 'y')
    first.mockReturnValue('')
    vi.advanceTimersByTime(3000)
    expect(ttls()).toEqual([7000, 7000])
  })

  test('S4: an emptied field does not end an activity', () => {
    const { sender, sent } = createTestSender()
    sender.keystroke(() => 'a')
    const endActivity = sender.startActivity('file')
    sender.keystroke(() => '')
    vi.advanceTimersByTime(20_000)
    expect(sent.at(-1)).toMatchObject({ activity: 'file', ttl: 7000 })
    endActivity()
    expect(sent.at(-1)).toMatchObject({ activity: 'file', ttl: 0 })
  })

  test('S4: a hidden page releases at once, and a shown page takes the lease again', () => {
    const page = fakePage()
    const { sender, ttls, ended } = createTestSender()
    sender.keystroke()
    page.hide()
    expect(ttls()).toEqual([7000, 0])
    expect(ended()).toBe(0)
    vi.advanceTimersByTime(1000)
    page.show()
    expect(ttls()).toEqual([7000, 0, 7000])
  })

  test('S4: while the page stays hidden, typing ends without another message', () => {
    const page = fakePage()
    const { sender, ttls, ended } = createTestSender()
    sender.keystroke()
    page.hide()
    vi.advanceTimersByTime(60_000)
    page.show()
    expect(ttls()).toEqual([7000, 0])
    expect(ended()).toBe(1)
    expect(vi.getTimerCount()).toBe(0)
    expect(page.listeners()).toBe(0)
  })

  test('S4: a key on a page that the global document calls hidden is shown: the field is in a window of its own', () => {
    const page = fakePage()
    page.hide()
    const { sender, sent, said } = createTestSender()
    typeFor(sender, 12_000)
    expect(sent.map(({ at }) => at)).toEqual([0, 5000, 10_000])
    sender.stop()
    expect(said()).toEqual(['typing', 'typing', 'typing', 'release'])
  })

  test('S4: the page is hidden while somebody types in a window of its own: the next key takes the lease again', () => {
    const page = fakePage()
    const { sender, ttls, ended } = createTestSender()
    sender.keystroke()
    page.hide()
    expect(ttls()).toEqual([7000, 0])
    vi.advanceTimersByTime(1000)
    sender.keystroke()
    expect(ttls()).toEqual([7000, 0, 7000])
    expect(ended()).toBe(0)
  })

  test('S4: an activity that begins on a hidden page is shown with the next key, or with the page', () => {
    const page = fakePage()
    page.hide()
    const { sender, said } = createTestSender()
    const endActivity = sender.startActivity('recording')
    expect(said()).toEqual([])
    sender.keystroke()
    expect(said()).toEqual(['recording'])
    page.hide()
    expect(said()).toEqual(['recording', 'release'])
    page.show()
    expect(said()).toEqual(['recording', 'release', 'recording'])
    endActivity()
  })

  test('S4: an activity goes on behind a hidden page, and shows again with it', () => {
    const page = fakePage()
    const { sender, ttls } = createTestSender()
    const endActivity = sender.startActivity('recording')
    page.hide()
    vi.advanceTimersByTime(60_000)
    expect(ttls()).toEqual([7000, 0])
    page.show()
    expect(ttls()).toEqual([7000, 0, 7000])
    endActivity()
    expect(ttls()).toEqual([7000, 0, 7000, 0])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('S4: pagehide releases at once and ends typing and activities', () => {
    const page = fakePage()
    const { sender, ttls, ended } = createTestSender()
    sender.keystroke()
    const endActivity = sender.startActivity('photo')
    page.leave()
    expect(ttls()).toEqual([7000, 7000, 0])
    expect(ended()).toBe(1)
    endActivity()
    expect(ttls()).toHaveLength(3)
    expect(page.listeners()).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('S4: listens to the page from the first key to the end, and no longer', () => {
    const page = fakePage()
    const { sender } = createTestSender()
    sender.keystroke()
    const listeners = page.listeners()
    expect(listeners).toBeGreaterThan(0)
    sender.keystroke()
    expect(page.listeners()).toBe(listeners)
    sender.stop()
    expect(page.listeners()).toBe(0)
  })
})

describe('S5: the life of a lease', () => {
  test('S5: a lease lives heartbeat + 2 s, so a renewal up to 2 s late still finds it alive', () => {
    const { sender, sent } = createTestSender()
    typeFor(sender, 30_000)
    for (const [i, lease] of sent.entries()) {
      const next = sent[i + 1]
      if (next) expect(lease.at + lease.ttl - next.at).toBe(2000)
    }
  })
})

describe('an activity', () => {
  test('S2: keeps a lease without keys until it ends', () => {
    const { sender, sent } = createTestSender()
    const endActivity = sender.startActivity('thinking')
    vi.advanceTimersByTime(12_000)
    expect(sent.map(({ at }) => at)).toEqual([0, 5000, 10_000])
    endActivity()
    expect(sent.at(-1)).toMatchObject({ at: 12_000, ttl: 0, activity: 'thinking' })
    expect(vi.getTimerCount()).toBe(0)
  })

  test('S7: ended twice it releases once, and ends no other activity', () => {
    const { sender, ttls } = createTestSender()
    const first = sender.startActivity('file')
    const second = sender.startActivity('file')
    first()
    first()
    vi.advanceTimersByTime(5000)
    expect(ttls()).toEqual([7000, 7000])
    second()
    expect(ttls()).toEqual([7000, 7000, 0])
  })

  test('the latest of several is shown, then the one before it', () => {
    const { sender, sent } = createTestSender()
    const file = sender.startActivity('file')
    const photo = sender.startActivity('photo')
    file()
    const video = sender.startActivity('video')
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

  test('is shown instead of typing, and typing shows again if the activity ends in time', () => {
    const { sender, sent } = createTestSender()
    sender.keystroke()
    const endActivity = sender.startActivity('sticker')
    vi.advanceTimersByTime(1000)
    sender.keystroke()
    endActivity()
    expect(sent.map(({ activity }) => activity)).toEqual(['typing', 'sticker', 'typing'])
    vi.advanceTimersByTime(4000)
    expect(sent.at(-1)).toMatchObject({ at: 5000, ttl: 0, activity: 'typing' })
  })

  test('outlives keys without a timer that spins', () => {
    const { sender, connection } = createTestSender()
    const endActivity = sender.startActivity('file')
    sender.keystroke()
    vi.advanceTimersByTime(4500)
    const getState = vi.spyOn(connection, 'getState')
    vi.advanceTimersByTime(10_000)
    expect(getState.mock.calls.length).toBeLessThanOrEqual(2)
    endActivity()
  })

  test('S4: stop ends it, and ending it later does nothing', () => {
    const { sender, ttls } = createTestSender()
    const endActivity = sender.startActivity('file')
    sender.stop()
    endActivity()
    expect(ttls()).toEqual([7000, 0])
    sender.keystroke()
    endActivity()
    expect(ttls()).toEqual([7000, 0, 7000])
  })
})

describe('S7: several handles', () => {
  test('S7: a composer that stops does not end a recording of another component', () => {
    const { sender, anotherHandle, said } = createTestSender()
    const composer = anotherHandle()
    const endRecording = sender.startActivity('recording')
    composer.keystroke()
    composer.stop()
    vi.advanceTimersByTime(5000)
    expect(said()).toEqual(['recording', 'recording'])
    endRecording()
    expect(said()).toEqual(['recording', 'recording', 'release'])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('S7: a recorder that stops does not end the typing of a composer', () => {
    const { sender, anotherHandle, said } = createTestSender()
    const recorder = anotherHandle()
    sender.keystroke()
    const endRecording = recorder.startActivity('recording')
    recorder.stop()
    expect(said()).toEqual(['typing', 'recording', 'typing'])
    endRecording()
    expect(said()).toHaveLength(3)
  })

  test('S7: of two composers, one that stops or is emptied does not end the typing of the other', () => {
    const { sender, anotherHandle, said } = createTestSender()
    const [second, third] = [anotherHandle(), anotherHandle()]
    sender.keystroke(() => 'text')
    second.keystroke(() => 'text')
    third.keystroke(() => 'text')
    second.stop()
    third.keystroke(() => '')
    expect(said()).toEqual(['typing'])
    sender.stop()
    expect(said()).toEqual(['typing', 'release'])
  })

  test('S7: a program that empties one field ends the typing of its own handle only', () => {
    const { sender, anotherHandle, said } = createTestSender()
    const second = anotherHandle()
    let text = 'first'
    for (let past = 0; past < 5000; past += 1000) {
      sender.keystroke(() => text)
      second.keystroke(() => 'second')
      vi.advanceTimersByTime(1000)
    }
    text = ''
    second.keystroke(() => 'second')
    vi.advanceTimersByTime(3999)
    expect(said()).toEqual(['typing', 'typing'])
    vi.advanceTimersByTime(1)
    expect(said()).toEqual(['typing', 'typing', 'release'])
  })

  test('S3, S7: typing lasts until the last key of any handle, plus idleTimeout', () => {
    const { sender, anotherHandle, sent } = createTestSender()
    sender.keystroke()
    vi.advanceTimersByTime(1000)
    anotherHandle().keystroke()
    vi.advanceTimersByTime(500)
    sender.keystroke()
    vi.advanceTimersByTime(10_000)
    expect(sent.at(-1)).toMatchObject({ at: 5500, ttl: 0 })
    expect(vi.getTimerCount()).toBe(0)
  })

  test('S7: the activity that was started last is shown, of whichever handle, then the one before it', () => {
    const { sender, anotherHandle, said } = createTestSender()
    const second = anotherHandle()
    sender.startActivity('file')
    second.startActivity('photo')
    sender.startActivity('video')
    sender.stop()
    expect(said()).toEqual(['file', 'photo', 'video', 'photo'])
    second.stop()
    expect(said()).toEqual(['file', 'photo', 'video', 'photo', 'release'])
  })

  test('S7: a mount that is undone at once, as StrictMode does, disturbs no other handle', () => {
    const { sender, anotherHandle, sent } = createTestSender()
    sender.keystroke()
    anotherHandle().stop()
    anotherHandle().startActivity('photo')()
    expect(sent.map(({ activity, ttl }) => `${activity} ${ttl}`)).toEqual(['typing 7000', 'photo 7000', 'typing 7000'])
  })

  test('S7: when a handle has stopped, an end of its earlier activities ends nothing of a later session', () => {
    const { sender, said } = createTestSender()
    const endFirst = sender.startActivity('file')
    sender.stop()
    sender.startActivity('file')
    endFirst()
    vi.advanceTimersByTime(5000)
    expect(said()).toEqual(['file', 'release', 'file', 'file'])
    sender.stop()
  })
})

describe('a refused lease', () => {
  test('is not held: it is reported, and nothing is released', async () => {
    const { sender, ttls, refused, answer } = createTestSender()
    answer(forbidden)
    sender.keystroke()
    await Promise.resolve()
    expect(refused).toEqual([forbidden])
    sender.stop()
    expect(ttls()).toEqual([7000])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('S8: a first lease that is refused for another reason is not held either, and nothing is released', async () => {
    const { sender, ttls, answer } = createTestSender()
    answer(limited)
    sender.keystroke()
    await vi.advanceTimersByTimeAsync(0)
    sender.stop()
    expect(ttls()).toEqual([7000])
  })

  test('S8: is asked for again with the next renewal, not with each key', async () => {
    const { sender, ttls, refused, answer } = createTestSender()
    answer(limited)
    for (let past = 0; past < 4900; past += 100) {
      sender.keystroke()
      await vi.advanceTimersByTimeAsync(100)
    }
    expect(ttls()).toEqual([7000])
    answer({ ok: true })
    sender.keystroke()
    await vi.advanceTimersByTimeAsync(100)
    expect(ttls()).toEqual([7000, 7000])
    expect(refused).toHaveLength(1)
    sender.stop()
    expect(ttls()).toEqual([7000, 7000, 0])
  })

  test('S8: is asked for again with the next renewal, not with another activity', async () => {
    const { sender, said, answer } = createTestSender()
    answer(limited)
    const endActivity = sender.startActivity('file')
    await vi.advanceTimersByTimeAsync(1000)
    sender.startActivity('photo')
    endActivity()
    await vi.advanceTimersByTimeAsync(3999)
    expect(said()).toEqual(['file'])
    answer({ ok: true })
    await vi.advanceTimersByTimeAsync(1)
    expect(said()).toEqual(['file', 'photo'])
    sender.stop()
    expect(said()).toEqual(['file', 'photo', 'release'])
  })

  test('S8: if it is forbidden, it is not asked for again in this session, and the next session asks', async () => {
    const { sender, ttls, refused, answer } = createTestSender()
    answer(forbidden)
    for (let past = 0; past < 60_000; past += 1000) {
      sender.keystroke()
      await vi.advanceTimersByTimeAsync(1000)
    }
    expect(ttls()).toEqual([7000])
    expect(refused).toEqual([forbidden])
    await vi.advanceTimersByTimeAsync(3000)
    answer({ ok: true })
    sender.keystroke()
    expect(ttls()).toEqual([7000, 7000])
    sender.stop()
    expect(ttls()).toEqual([7000, 7000, 0])
  })

  test('S8: if it is forbidden, no activity, handle, shown page or connection of the session asks again', async () => {
    const page = fakePage()
    const { sender, anotherHandle, connection, sent, answer } = createTestSender()
    answer(forbidden)
    const endActivity = sender.startActivity('recording')
    await vi.advanceTimersByTimeAsync(0)
    anotherHandle().startActivity('file')
    page.hide()
    page.show()
    sender.keystroke()
    connection.setState('connecting')
    connection.setState('online')
    await vi.advanceTimersByTimeAsync(60_000)
    endActivity()
    expect(sent).toHaveLength(1)
  })

  test('S8: if a renewal is forbidden, the other side has ended the lease before it, and nothing is released', async () => {
    const { sender, ttls, answer } = createTestSender()
    const endActivity = sender.startActivity('thinking')
    await vi.advanceTimersByTimeAsync(0)
    answer(forbidden)
    await vi.advanceTimersByTimeAsync(20_000)
    expect(ttls()).toEqual([7000, 7000])
    endActivity()
    expect(ttls()).toEqual([7000, 7000])
  })

  test('S1: a lease that was not sent, since the clock is void, is asked for with the next key, not with the next renewal', async () => {
    const { sender, sent, answer } = createTestSender()
    answer({ ok: false, code: 'offline', message: 'Not connected.' })
    sender.keystroke()
    await vi.advanceTimersByTimeAsync(100)
    answer({ ok: true })
    sender.keystroke()
    sender.keystroke()
    expect(sent.map(({ at }) => at)).toEqual([0, 100])
    sender.stop()
    expect(sent.at(-1)).toMatchObject({ at: 100, ttl: 0 })
  })

  test('S4: a lease that was not sent, and says so late, does not undo the one after it, which is released', async () => {
    const { sender, said, answer } = createTestSender()
    let arrive = (_: SendResult) => {}
    answer(new Promise((resolve) => (arrive = resolve)))
    sender.keystroke()
    answer({ ok: true })
    sender.startActivity('photo')
    arrive({ ok: false, code: 'offline', message: 'Not connected.' })
    await vi.advanceTimersByTimeAsync(0)
    sender.stop()
    expect(said()).toEqual(['typing', 'photo', 'release'])
  })

  test('S2, S4: a renewal that was not sent leaves the lease before it, which is renewed or released', async () => {
    const { sender, sent, answer } = createTestSender()
    sender.startActivity('thinking')
    await vi.advanceTimersByTimeAsync(0)
    answer({ ok: false, code: 'offline', message: 'Not connected.' })
    await vi.advanceTimersByTimeAsync(5000)
    answer({ ok: true })
    await vi.advanceTimersByTimeAsync(5000)
    sender.stop()
    expect(sent.map(({ at, ttl }) => [at, ttl])).toEqual([
      [0, 7000],
      [5000, 7000],
      [10_000, 7000],
      [10_000, 0],
    ])
  })

  test('as a renewal leaves the lease before it, which is released', async () => {
    const { sender, ttls, answer } = createTestSender()
    const endActivity = sender.startActivity('thinking')
    await vi.advanceTimersByTimeAsync(0)
    answer(limited)
    await vi.advanceTimersByTimeAsync(5000)
    endActivity()
    expect(ttls()).toEqual([7000, 7000, 0])
  })

  test('whose refusal arrives late does not undo a newer one', async () => {
    const { sender, ttls, refused, answer } = createTestSender()
    let arrive = (_: SendResult) => {}
    answer(new Promise((resolve) => (arrive = resolve)))
    sender.keystroke()
    sender.stop()
    answer({ ok: true })
    sender.keystroke()
    arrive(forbidden)
    await vi.advanceTimersByTimeAsync(0)
    expect(refused).toEqual([forbidden])
    sender.stop()
    expect(ttls()).toEqual([7000, 0, 7000, 0])
  })
})

describe('connection', () => {
  test.each(['offline', 'connecting'] as const)('%s: keys send nothing and leave nothing', (state) => {
    const { sender, sent, connection } = createTestSender()
    connection.setState(state)
    typeFor(sender, 10_000)
    expect(sent).toEqual([])
    vi.advanceTimersByTime(10_000)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('S1: back online while typing, the lease is taken again at once', () => {
    const { sender, sent, connection } = createTestSender()
    sender.keystroke()
    vi.advanceTimersByTime(500)
    connection.setState('offline')
    const attempts = sent.length
    vi.advanceTimersByTime(500)
    connection.setState('connecting')
    sender.keystroke()
    vi.advanceTimersByTime(500)
    expect(sent).toHaveLength(attempts)
    connection.setState('online')
    expect(sent.at(-1)).toMatchObject({ at: 1500, ttl: 7000 })
  })

  test('S9: a network drop pauses the session: back online, the lease is taken again without another key', () => {
    const { sender, sent, connection, ended } = createTestSender()
    sender.keystroke()
    vi.advanceTimersByTime(500)
    connection.setState('connecting')
    const attempts = sent.length
    vi.advanceTimersByTime(500)
    connection.setState('online')
    expect(sent.slice(attempts)).toEqual([{ at: 1000, ttl: 7000, activity: 'typing', since: 1_001_000 }])
    expect(ended()).toBe(0)
  })

  test('S9: an activity goes on through a network drop', () => {
    const { sender, connection, said } = createTestSender()
    const endActivity = sender.startActivity('recording')
    connection.setState('connecting')
    vi.advanceTimersByTime(60_000)
    connection.setState('online')
    expect(said()).toEqual(['recording', 'release', 'recording'])
    endActivity()
  })

  test('S9: a network drop that outlasts the keys leaves nothing to show', () => {
    const { sender, sent, connection, ended } = createTestSender()
    sender.keystroke()
    connection.setState('connecting')
    const attempts = sent.length
    vi.advanceTimersByTime(4000)
    connection.setState('online')
    expect(sent).toHaveLength(attempts)
    expect(ended()).toBe(1)
  })

  test('S9: the app disconnects and connects again at once: nobody is shown who has pressed no key since', () => {
    const { sender, anotherHandle, sent, connection, ended } = createTestSender()
    sender.keystroke()
    const endActivity = anotherHandle().startActivity('recording')
    connection.setState('offline')
    const attempts = sent.length
    expect(ended()).toBe(1)
    expect(vi.getTimerCount()).toBe(0)
    connection.setState('connecting')
    connection.setState('online')
    vi.advanceTimersByTime(60_000)
    endActivity()
    expect(sent).toHaveLength(attempts)
    sender.keystroke()
    expect(sent).toHaveLength(attempts + 1)
  })

  test('S9: logging out, disconnecting and another identity end the lease on the other side: nothing is released', () => {
    const { sender, ttls, connection, ended } = createTestSender()
    sender.keystroke()
    connection.setState('offline')
    expect(ttls()).toEqual([7000])
    expect(ended()).toBe(1)
  })

  test('S9: a network drop that becomes a logout ends the session as well', () => {
    const { sender, sent, connection } = createTestSender()
    sender.keystroke()
    connection.setState('connecting')
    connection.setState('offline')
    const attempts = sent.length
    connection.setState('connecting')
    connection.setState('online')
    vi.advanceTimersByTime(60_000)
    expect(sent).toHaveLength(attempts)
  })

  test('S9: what begins while offline is not shown to whoever logs in next', () => {
    const { sender, sent, connection } = createTestSender()
    connection.setState('offline')
    sender.keystroke()
    const endActivity = sender.startActivity('recording')
    connection.setState('connecting')
    connection.setState('online')
    vi.advanceTimersByTime(60_000)
    endActivity()
    expect(sent).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('T1: back online after typing has ended, nothing is sent', () => {
    const { sender, sent, connection, ended } = createTestSender()
    sender.keystroke()
    connection.setState('offline')
    const attempts = sent.length
    sender.stop()
    vi.advanceTimersByTime(30_000)
    connection.setState('online')
    expect(sent).toHaveLength(attempts)
    expect(ended()).toBe(1)
  })

  test('has a subscriber while somebody types, and no longer', () => {
    const { sender, connection, sent } = createTestSender()
    const subscribe = vi.spyOn(connection, 'subscribe')
    sender.keystroke()
    sender.keystroke()
    expect(subscribe).toHaveBeenCalledTimes(1)
    sender.stop()
    connection.setState('offline')
    connection.setState('online')
    expect(sent).toHaveLength(2)
  })
})
