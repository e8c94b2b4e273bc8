import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type ConfirmedChannels, createConfirmedChannels } from '../../src/redis/confirmed-channels.ts'
import { pass } from '../support/pass.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

/** A command that has reached the server. The test decides how the server answers. */
interface Command {
  readonly text: string
  accept(): Promise<void>
  refuse(): Promise<void>
}

const refused = new Error('refused')

function setUp() {
  const commands: Command[] = []
  const active: string[] = []
  const errors: unknown[] = []
  const send = (text: string) =>
    new Promise<void>((resolve, reject) => {
      commands.push({
        text,
        async accept() {
          resolve()
          await pass(0)
        },
        async refuse() {
          reject(refused)
          await pass(0)
        },
      })
    })
  const word = (isSharded: boolean) => (isSharded ? 'sharded' : 'plain')
  const channels = createConfirmedChannels({
    connection: {
      subscribe: (channel, isSharded) => send(`subscribe ${word(isSharded)} ${channel}`),
      unsubscribe: (channel, isSharded) => send(`unsubscribe ${word(isSharded)} ${channel}`),
    },
    onActive: (channel) => active.push(channel),
    onError: (channel, error) => errors.push([channel, error]),
  })
  /** The commands since the last call. */
  const sent = () => commands.splice(0)
  const sentTexts = () => sent().map(({ text }) => text)
  return { channels, active, errors, sent, sentTexts }
}

/** A channel that the server has confirmed. */
async function setUpActive() {
  const all = setUp()
  all.channels.use('sharded')
  all.channels.add('a')
  await acceptAll(all)
  all.active.length = 0
  return all
}

async function acceptAll({ sent }: { sent(): Command[] }) {
  await pass(0)
  for (const command of sent()) await command.accept()
}

const addAndRemove = (channels: ConfirmedChannels, name: string) => {
  channels.add(name)
  channels.remove(name)
}

test('nothing is sent before the kind of pub/sub is known', async () => {
  const { channels, sentTexts } = setUp()
  channels.add('a')
  channels.add('b')
  await pass(1000)
  expect(sentTexts()).toEqual([])
  channels.use('plain')
  expect(sentTexts()).toEqual(['subscribe plain a', 'subscribe plain b'])
})

test('B5: a channel is active when the server has confirmed it, and not before', async () => {
  const { channels, active, sent } = setUp()
  channels.use('sharded')
  channels.add('a')
  expect(channels.isActive('a')).toBe(false)
  await pass(0)
  const [command] = sent()
  expect(command!.text).toBe('subscribe sharded a')
  expect(channels.isActive('a')).toBe(false)
  expect(active).toEqual([])
  await command!.accept()
  expect(channels.isActive('a')).toBe(true)
  expect(active).toEqual(['a'])
  expect(channels.isActive('b')).toBe(false)
})

test('B8: everything of one tick leaves in one go, and what cancels itself is not sent', async () => {
  const { channels, sentTexts } = setUp()
  channels.use('sharded')
  channels.add('a')
  addAndRemove(channels, 'b')
  channels.add('c')
  channels.remove('d')
  expect(sentTexts()).toEqual([])
  await pass(0)
  expect(sentTexts()).toEqual(['subscribe sharded a', 'subscribe sharded c'])
})

test('B8: the next tick leaves in one go, too', async () => {
  const { channels, sentTexts } = await setUpActive()
  channels.add('b')
  channels.add('c')
  await pass(0)
  expect(sentTexts()).toEqual(['subscribe sharded b', 'subscribe sharded c'])
})

test('B8: unsubscribing and subscribing within one tick leaves a channel active, without a command', async () => {
  const { channels, active, sentTexts } = await setUpActive()
  channels.remove('a')
  channels.add('a')
  await pass(0)
  expect(sentTexts()).toEqual([])
  expect(channels.isActive('a')).toBe(true)
  expect(active).toEqual([])
})

test('B6: an unsubscribed channel is not active, and is forgotten', async () => {
  const { channels, sent, sentTexts } = await setUpActive()
  channels.remove('a')
  await pass(0)
  expect(channels.isActive('a')).toBe(false)
  const [command] = sent()
  expect(command!.text).toBe('unsubscribe sharded a')
  await command!.accept()
  channels.remove('a')
  channels.confirmAll()
  await pass(0)
  expect(sentTexts()).toEqual([])
})

test('B8: there is one command at a time for a channel, and the last call decides', async () => {
  const { channels, active, sent } = setUp()
  channels.use('sharded')
  channels.add('a')
  await pass(0)
  const [subscribing] = sent()
  channels.remove('a')
  await pass(0)
  expect(sent()).toEqual([])
  await subscribing!.accept()
  expect(active).toEqual([])
  const [unsubscribing, ...others] = sent()
  expect(others).toEqual([])
  expect(unsubscribing!.text).toBe('unsubscribe sharded a')
  channels.add('a')
  await pass(0)
  expect(sent()).toEqual([])
  await unsubscribing!.accept()
  const [again] = sent()
  expect(again!.text).toBe('subscribe sharded a')
  await again!.accept()
  expect(active).toEqual(['a'])
})

test('B12: what is confirmed again is not active in between, and says that it is active again', async () => {
  const { channels, active, sent } = await setUpActive()
  channels.confirmAll()
  expect(channels.isActive('a')).toBe(false)
  const [command] = sent()
  expect(command!.text).toBe('subscribe sharded a')
  await command!.accept()
  expect(active).toEqual(['a'])
  expect(channels.isActive('a')).toBe(true)
})

test('a refused subscription is reported, and tried again after 200 ms', async () => {
  const { channels, active, errors, sent, sentTexts } = setUp()
  channels.use('sharded')
  channels.add('a')
  channels.add('b')
  await pass(0)
  for (const command of sent()) await command.refuse()
  expect(errors).toEqual([
    ['a', refused],
    ['b', refused],
  ])
  expect(channels.isActive('a')).toBe(false)
  await pass(199)
  expect(sentTexts()).toEqual([])
  await pass(1)
  const again = sent()
  expect(again.map(({ text }) => text)).toEqual(['subscribe sharded a', 'subscribe sharded b'])
  for (const command of again) await command.accept()
  expect(active).toEqual(['a', 'b'])
  await pass(1000)
  expect(sentTexts()).toEqual([])
})

test('a second refusal is tried again as well', async () => {
  const { channels, sent, sentTexts } = setUp()
  channels.use('sharded')
  channels.add('a')
  for (const delay of [0, 200, 200]) {
    await pass(delay)
    const commands = sent()
    expect(commands).toHaveLength(1)
    await commands[0]!.refuse()
  }
  await pass(200)
  expect(sentTexts()).toEqual(['subscribe sharded a'])
})

test('a channel whose subscription was refused is unsubscribed: the command may have been carried out', async () => {
  const { channels, sent, sentTexts } = setUp()
  channels.use('sharded')
  channels.add('a')
  await pass(0)
  await sent()[0]!.refuse()
  channels.remove('a')
  await pass(200)
  expect(sentTexts()).toEqual(['unsubscribe sharded a'])
})

/** Unsubscribes, and lets the server refuse it. @returns how often it was sent. */
async function countRefusedUnsubscribes({ channels, sent }: ReturnType<typeof setUp>, most: number) {
  channels.remove('a')
  await pass(0)
  for (let times = 0; times < most; times++) {
    const [command] = sent()
    if (!command) return times
    expect(command.text).toBe('unsubscribe sharded a')
    await command.refuse()
    await pass(200)
  }
  return most
}

test('a refused unsubscribing is tried again every 200 ms, 50 times, then the channel is forgotten', async () => {
  const all = await setUpActive()
  expect(await countRefusedUnsubscribes(all, 100)).toBe(51)
  all.channels.confirmAll()
  expect(all.sentTexts()).toEqual([])
})

test('the retries of unsubscribing are counted from the last subscription on', async () => {
  const all = await setUpActive()
  expect(await countRefusedUnsubscribes(all, 30)).toBe(30)
  all.channels.add('a')
  await pass(0)
  await all.sent()[0]!.accept()
  await acceptAll(all)
  expect(await countRefusedUnsubscribes(all, 100)).toBe(51)
})

test('a server of another version: subscribes in the other way, though it does not know the first one any more', async () => {
  const { channels, active, sent } = await setUpActive()
  channels.use('sharded')
  expect(sent()).toEqual([])
  channels.use('plain')
  const [unsubscribing] = sent()
  expect(unsubscribing!.text).toBe('unsubscribe sharded a')
  expect(channels.isActive('a')).toBe(false)
  await unsubscribing!.refuse()
  const [subscribing] = sent()
  expect(subscribing!.text).toBe('subscribe plain a')
  await subscribing!.accept()
  expect(active).toEqual(['a'])
  channels.remove('a')
  await pass(0)
  expect(sent()[0]!.text).toBe('unsubscribe plain a')
})

test.each(['accept', 'refuse'] as const)(
  'after stop() nothing happens when a subscription is answered: %s',
  async (answer) => {
    const { channels, active, errors, sent, sentTexts } = setUp()
    channels.use('sharded')
    channels.add('a')
    await pass(0)
    channels.stop()
    await sent()[0]![answer]()
    await pass(1000)
    expect({ active, errors, sent: sentTexts() }).toEqual({ active: [], errors: [], sent: [] })
  },
)

test.each(['accept', 'refuse'] as const)(
  'after stop() nothing happens when unsubscribing is answered: %s',
  async (answer) => {
    const { channels, sent, sentTexts } = await setUpActive()
    channels.remove('a')
    await pass(0)
    channels.add('a')
    channels.stop()
    await sent()[0]![answer]()
    channels.add('b')
    channels.confirmAll()
    await pass(1000)
    expect(sentTexts()).toEqual([])
  },
)

test('after stop() nothing is tried again', async () => {
  const { channels, sent } = setUp()
  channels.use('sharded')
  channels.add('a')
  await pass(0)
  await sent()[0]!.refuse()
  channels.stop()
  expect(vi.getTimerCount()).toBe(0)
})
