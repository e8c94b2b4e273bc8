import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { PublishedMessage } from '../../../../src/server/cluster/bus-message.ts'
import { createTestLink, MAX_AGE, pass, type Received } from '../../../support/cluster/link.ts'

const HOUR = 3_600_000
const CHANNEL = 'group::team'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const note = (data: unknown): PublishedMessage => ({
  kind: 'message',
  countId: 0,
  age: 0,
  user: { id: 'ann' },
  command: 'note',
  data: JSON.stringify(data),
})
const dataOf = (received: readonly Received[]) =>
  received.map(({ message }) => (message.kind === 'message' ? (JSON.parse(message.data) as unknown) : message.kind))

/** A link that reads a channel, and a fake node whose clock it knows. */
async function startAcquainted(ahead = 0) {
  const test = createTestLink()
  const fake = test.addFake({ ahead })
  const received = test.read(CHANNEL)
  await pass(0)
  fake.publish(CHANNEL, note('hello'))
  await pass(0)
  expect(dataOf(received)).toEqual(['hello'])
  received.length = 0
  fake.received.length = 0
  return { ...test, fake, received }
}

describe('a message of a node whose clock is not known', () => {
  test('K1: waits until it is known, and all that wait arrive in order', async () => {
    const { addFake, read } = createTestLink()
    const fake = addFake({ answersClock: false })
    const received = read(CHANNEL)
    await pass(0)
    for (const data of [1, 2]) fake.publish(CHANNEL, note(data))
    await pass(500)
    fake.publish(CHANNEL, note(3))
    await pass(500)
    expect(received).toEqual([])
    fake.answersClock = true
    await pass(200)
    expect(dataOf(received)).toEqual([1, 2, 3])
    fake.publish(CHANNEL, note(4))
    await pass(0)
    expect(dataOf(received)).toEqual([1, 2, 3, 4])
  })

  test('G1: waits no longer than maxAge, and is dropped then', async () => {
    const { addFake, read, link } = createTestLink()
    const fake = addFake({ answersClock: false })
    const received = read(CHANNEL)
    await pass(0)
    fake.publish(CHANNEL, note('early'))
    await pass(MAX_AGE - 100)
    fake.publish(CHANNEL, note('later'))
    await pass(400)
    expect(link.countDropped()).toBe(1)
    fake.answersClock = true
    await pass(200)
    expect(dataOf(received)).toEqual(['later'])
    expect(received.map(({ origin }) => origin.expired)).toEqual([false])
  })

  test('makes its node be asked at once, and every 200 ms while it waits, however many wait', async () => {
    const { addFake, read } = createTestLink()
    const fake = addFake({ answersClock: false })
    read(CHANNEL)
    await pass(0)
    for (let n = 0; n < 50; n++) {
      fake.publish(CHANNEL, note(n))
      await pass(20)
    }
    const asked = fake.receivedOf('clock-question').length
    expect(asked).toBeGreaterThanOrEqual(5)
    expect(asked).toBeLessThanOrEqual(6)
    await pass(MAX_AGE + 1000)
    fake.received.length = 0
    await pass(60_000)
    expect(fake.received).toEqual([])
  })

  test('G3: of more than 1,000 the oldest are dropped', async () => {
    const { addFake, read, link } = createTestLink()
    const fake = addFake({ answersClock: false })
    const received = read(CHANNEL)
    await pass(0)
    for (let n = 0; n < 1003; n++) fake.publish(CHANNEL, note(n))
    await pass(100)
    fake.answersClock = true
    await pass(200)
    expect(dataOf(received)).toEqual(Array.from({ length: 1000 }, (_, n) => n + 3))
    expect(link.countDropped()).toBe(3)
  })

  test('K1: waits while the link is too slow to tell the time', async () => {
    let delay = 600
    const { addFake, read, link } = createTestLink({ delays: () => [delay] })
    const fake = addFake()
    const received = read(CHANNEL)
    await pass(1000)
    fake.publish(CHANNEL, note('slow'))
    await pass(3000)
    expect([received, link.countDropped()]).toEqual([[], 1])
    delay = 400
    fake.publish(CHANNEL, note('faster'))
    await pass(1500)
    expect(dataOf(received)).toEqual(['faster'])
    expect(received[0]?.origin.errorBound).toBeLessThanOrEqual(MAX_AGE / 4)
  })

  test.each(['revocation', 'reidentification'] as const)(
    'a %s counts all the same, as if it had been sent when it arrived',
    async (kind) => {
      const { addFake, read, own, link } = createTestLink()
      const fake = addFake({ answersClock: false, ahead: -HOUR })
      const received = read('notices::bob')
      await pass(0)
      const arrivedAt = Date.now()
      const at = fake.now()
      fake.publish(
        'notices::bob',
        kind === 'revocation' ? { kind, at, user: 'bob', conversation: undefined } : { kind, at, user: 'bob' },
      )
      fake.publish(fake.channels.node(link.id), { kind: 'question' })
      await pass(MAX_AGE + 500)
      expect(received).toHaveLength(1)
      const { message, origin } = received[0]!
      expect(message.kind).toBe(kind)
      expect(Math.abs(origin.toLocal(at) - arrivedAt)).toBeLessThan(2)
      // And nothing else does.
      expect(own).toEqual([])
    },
  )
})

describe('a message', () => {
  test.each([2 * HOUR, -2 * HOUR])('of a node whose clock is %d ms ahead has its true age', async (ahead) => {
    const { fake, received } = await startAcquainted(ahead)
    const sentAt = Date.now()
    fake.publish(CHANNEL, note('young'))
    fake.publishAs({ channel: CHANNEL, message: note('old'), number: 100, sentAt: fake.now() - MAX_AGE - 100 })
    await pass(0)
    expect(received.map(({ origin }) => origin.expired)).toEqual([false, true])
    const [young] = received
    expect(Math.abs(young!.origin.sentAt - sentAt)).toBeLessThan(1)
    expect(young!.origin.toLocal(fake.now())).toBeCloseTo(young!.origin.sentAt, 1)
    expect(young!.origin).toMatchObject({ node: 'fake', number: 3, errorBound: 0 })
  })

  test('T1: that arrives twice counts once, on whatever channels', async () => {
    const { fake, received, link, read } = await startAcquainted()
    const other = read('group::other')
    await pass(0)
    fake.publishAs({ channel: CHANNEL, message: note('once'), number: 7 })
    fake.publishAs({ channel: CHANNEL, message: note('again'), number: 7 })
    fake.publishAs({ channel: 'group::other', message: note('elsewhere'), number: 7 })
    fake.publishAs({ channel: CHANNEL, message: note('overtaken'), number: 5 })
    await pass(0)
    expect([dataOf(received), dataOf(other), link.countDropped()]).toEqual([['once', 'overtaken'], [], 2])
  })

  test('T1: that arrives twice while it waits counts once', async () => {
    const { addFake, read, link } = createTestLink()
    const fake = addFake({ answersClock: false })
    const received = read(CHANNEL)
    await pass(0)
    for (let n = 0; n < 3; n++) fake.publishAs({ channel: CHANNEL, message: note('once'), number: 7 })
    fake.answersClock = true
    await pass(300)
    expect([dataOf(received), link.countDropped()]).toEqual([['once'], 2])
  })

  test('of this node itself does not come back, and a text that is no message does nothing', async () => {
    const { link, received, fake } = await startAcquainted()
    void link.publish(CHANNEL, note('own'))
    for (const text of ['', 'null', '[]', '{', '[3,"fake",1,1,"question"]']) fake.publishText(CHANNEL, text)
    await pass(0)
    expect([received, link.countDropped()]).toEqual([[], 0])
  })

  test('K2: that has expired makes the clock be asked for at most once a second', async () => {
    const { fake } = await startAcquainted()
    await pass(2000)
    for (let n = 0; n < 100; n++) {
      fake.publishAs({ channel: CHANNEL, message: note(n), number: 1000 + n, sentAt: fake.now() - MAX_AGE - 100 })
      await pass(50)
    }
    // In five seconds.
    expect(fake.receivedOf('clock-question').length).toBeLessThanOrEqual(5)
    expect(fake.receivedOf('clock-question').length).toBeGreaterThan(0)
  })

  test('that seems to come from the future waits until the clock has been asked for again', async () => {
    const { addFake, read } = createTestLink()
    const fake = addFake()
    const received = read(CHANNEL)
    await pass(0)
    fake.publish(CHANNEL, note('hello'))
    await pass(500)
    fake.answersClock = false
    // The clock of its machine has been set a minute ahead, or ours has slept.
    fake.publishAs({ channel: CHANNEL, message: note('from the future'), number: 50, sentAt: fake.now() + 60_000 })
    await pass(100)
    expect(dataOf(received)).toEqual(['hello'])
    expect(fake.receivedOf('clock-question').length).toBe(2)
    const [, question] = fake.received.filter(({ message }) => message.kind === 'clock-question')
    fake.publishAs({
      channel: fake.channels.node(question!.node),
      message: { kind: 'clock-answer', askedAt: question!.sentAt },
      number: 51,
      sentAt: fake.now() + 60_000,
    })
    await pass(0)
    expect(dataOf(received)).toEqual(['hello', 'from the future'])
    expect(received[1]?.origin.expired).toBe(false)
  })

  test('G1: that comes after one from the future is not judged by the old clock', async () => {
    const { fake, received } = await startAcquainted()
    await pass(500)
    fake.answersClock = false
    const ahead = 60_000
    fake.publishAs({ channel: CHANNEL, message: note('from the future'), number: 50, sentAt: fake.now() + ahead })
    // By the old clock it would be a second old.
    fake.publishAs({ channel: CHANNEL, message: note('old'), number: 51, sentAt: fake.now() - 1000 })
    await pass(0)
    expect(received).toEqual([])
    const question = fake.received.filter(({ message }) => message.kind === 'clock-question').at(-1)
    fake.publishAs({
      channel: fake.channels.node(question!.node),
      message: { kind: 'clock-answer', askedAt: question!.sentAt },
      number: 52,
      sentAt: fake.now() + ahead,
    })
    await pass(0)
    expect(dataOf(received)).toEqual(['from the future', 'old'])
    expect(received.map(({ origin }) => origin.expired)).toEqual([false, true])
  })

  test('G1: that waited in a socket while this machine slept has expired when it wakes up', async () => {
    const { fake, received } = await startAcquainted()
    await pass(500)
    const number = 90
    const sentAt = fake.now()
    // The steady clock stands still while the machine sleeps, and the wall clock does not.
    const wallNow = Date.now
    const slept = 60_000
    vi.spyOn(Date, 'now').mockImplementation(() => wallNow() + slept)
    fake.answersClock = false
    fake.publishAs({ channel: CHANNEL, message: note('while it slept'), number, sentAt })
    await pass(0)
    expect(received).toEqual([])
    // Their clock has gone on.
    const question = fake.received.filter(({ message }) => message.kind === 'clock-question').at(-1)
    fake.publishAs({
      channel: fake.channels.node(question!.node),
      message: { kind: 'clock-answer', askedAt: question!.sentAt },
      sentAt: fake.now() + slept,
      number: 91,
    })
    await pass(0)
    expect(received.map(({ origin }) => origin.expired)).toEqual([true])
  })
})

describe('two nodes', () => {
  test('exchange nothing while nothing is published, and measure the clock again after a minute if something is', async () => {
    const { fake, engine, received } = await startAcquainted()
    engine.resetCounts()
    await pass(10 * 60_000)
    expect(engine.counts.messagesIn).toBe(0)
    fake.publish(CHANNEL, note(1))
    fake.publish(CHANNEL, note(2))
    await pass(0)
    expect(dataOf(received)).toEqual([1, 2])
    expect(fake.receivedOf('clock-question')).toHaveLength(1)
    await pass(30_000)
    fake.publish(CHANNEL, note(3))
    await pass(0)
    expect(fake.receivedOf('clock-question')).toHaveLength(1)
  })

  test('a node is remembered for ten minutes after its last message, and counts for one minute', async () => {
    const { fake, link, received } = await startAcquainted()
    expect(link.countPeers()).toBe(1)
    await pass(61_000)
    expect(link.countPeers()).toBe(0)
    fake.answersClock = false
    fake.publish(CHANNEL, note('still known'))
    await pass(0)
    expect(dataOf(received)).toEqual(['still known'])
  })

  test('a clock question is answered, for the asker alone', async () => {
    const { fake, link } = await startAcquainted()
    fake.read(CHANNEL)
    await pass(0)
    const askedAt = Math.round(fake.now())
    fake.publishAs({
      channel: fake.channels.node(link.id),
      message: { kind: 'clock-question' },
      number: 60,
      sentAt: askedAt,
    })
    await pass(0)
    expect(fake.received.map(({ channel, message }) => [channel, message])).toEqual([
      [fake.channels.node('fake'), { kind: 'clock-answer', askedAt }],
    ])
  })
})

test('after close() nothing is published, nothing is received, and no timer is left', async () => {
  const { fake, link, received, own, engine } = await startAcquainted()
  fake.answersClock = false
  fake.publishAs({ channel: CHANNEL, message: note('waits'), number: 70, sentAt: fake.now() + 60_000 })
  await pass(0)
  link.close()
  engine.resetCounts()
  void link.publish(CHANNEL, note('late'))
  expect(engine.counts.messagesIn).toBe(0)
  fake.publish(CHANNEL, note('too late'))
  fake.publish(fake.channels.node(link.id), { kind: 'question' })
  await pass(10_000)
  expect([received, own, vi.getTimerCount()]).toEqual([[], [], 0])
})
