import type { Socket } from 'socket.io-client'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { LEASE, MESSAGE, REFUSED, SEND, SUBSCRIBE, TYPISTS } from '../../src/core/transport/wire.ts'
import type { AuthorizationRequest } from '../../src/server/index.ts'
import { CARRIERS, closeAll, roundTrip, startServer, type TestServer, until } from '../support/server/harness.ts'

afterEach(async () => {
  vi.useRealTimers()
  await closeAll()
})

const group = { group: 'team' }

interface Refusal {
  readonly group: string
  readonly code: string
}

/** A connection, with what it is refused and what it receives. */
async function connect(server: TestServer, user: string, options: Parameters<TestServer['raw']>[1] = {}) {
  const socket = await server.raw(user, options)
  const refused: Refusal[] = []
  const received: unknown[] = []
  socket.on(REFUSED, (_at: number, conversation: { group: string }, { code }: { code: string }) =>
    refused.push({ group: conversation.group, code }),
  )
  socket.on(MESSAGE, (...[, , , data]: unknown[]) => received.push(data))
  return { socket, refused, received, settled: () => roundTrip(socket) }
}

const send = (socket: Socket, data: string, conversation: object = group, command = 'note') =>
  socket.emitWithAck(SEND, Date.now(), command, data, conversation) as Promise<unknown>

/** Every question about a subscription waits until the test answers it. */
function createQuestions() {
  const questions: { readonly group: string | undefined; answer(yes: boolean): void }[] = []
  const authorize = ({ action, conversation }: AuthorizationRequest) =>
    action === 'send' ||
    new Promise<boolean>((resolve) => questions.push({ group: conversation.group, answer: resolve }))
  return { questions, authorize }
}

const manyGroups = (count: number, name = 'g') => Array.from({ length: count }, (_, n) => ({ group: `${name}${n}` }))

describe.each(CARRIERS)('over %s', (carrier) => {
  test.each([
    ['one that answers at once', 'anyone' as const],
    ['a slow one', () => new Promise<boolean>((resolve) => setTimeout(resolve, 20, true))],
    [
      'one that denies half of them',
      ({ conversation }: AuthorizationRequest) => Number(conversation.group?.at(-1)) % 2 === 0,
    ],
  ])(
    'of 2,500 conversations in one list each is accepted or refused by an event of its own: authorize is %s',
    async (_, authorize) => {
      const server = await startServer({ plugin: { authorize } })
      const { socket, refused, settled } = await connect(server, 'ann', { carrier })
      socket.emit(SUBSCRIBE, manyGroups(2500))
      await until(() => refused.length + server.online.stats().subscriptions === 2500, 'each is accepted or refused')
      await settled()
      expect(new Set(refused.map(({ group }) => group)).size).toBe(refused.length)
      expect(server.online.stats().subscriptions).toBeGreaterThanOrEqual(900)
    },
  )

  test('of several long lists in a row, and of a list with a conversation in it twice, each is accepted or refused', async () => {
    const server = await startServer()
    const { socket, refused } = await connect(server, 'ann', { carrier })
    for (let n = 0; n < 3; n++) socket.emit(SUBSCRIBE, manyGroups(1500, `list${n} `))
    await until(() => refused.length === 3500)
    expect(server.online.stats().subscriptions).toBe(1000)
    socket.emit(SUBSCRIBE, Array(20).fill({ group: 'one more' }))
    await until(() => refused.some(({ group }) => group === 'one more'))
    expect(server.online.stats().subscriptions).toBe(1000)
  })
})

describe('work that nobody wants any more is dropped', () => {
  test('of 30 conversations that are visited in a row, the last is served as soon as it is permitted, though no other is', async () => {
    const { questions, authorize } = createQuestions()
    const server = await startServer({ plugin: { authorize } })
    const [ann, bob] = [await connect(server, 'ann'), await server.raw('bob')]
    bob.emit(LEASE, Date.now(), 60_000, 'typing', { group: 'g29' })
    const shown: unknown[] = []
    ann.socket.on(TYPISTS, (_at, conversation) => shown.push(conversation))
    for (const conversation of manyGroups(30)) {
      ann.socket.emit(SUBSCRIBE, [conversation])
      if (conversation.group !== 'g29') ann.socket.emit(SUBSCRIBE, [conversation], false)
    }
    await ann.settled()
    // No question waits for the answer to another one.
    expect(questions).toHaveLength(30)
    questions[29]!.answer(true)
    await until(() => shown.length === 1)
    for (const { answer } of questions) answer(true)
    await ann.settled()
    expect([server.online.stats().subscriptions, shown, ann.refused]).toEqual([1, [{ group: 'g29' }], []])
  })

  test('unsubscribing cancels a subscription that waits for permission, and nobody is told its answer', async () => {
    const { questions, authorize } = createQuestions()
    const server = await startServer({ plugin: { authorize } })
    const { socket, refused, settled } = await connect(server, 'ann')
    socket.emit(SUBSCRIBE, [{ group: 'yes' }, { group: 'no' }])
    socket.emit(SUBSCRIBE, [{ group: 'yes' }, { group: 'no' }], false)
    await settled()
    expect(questions).toHaveLength(2)
    questions[0]!.answer(true)
    questions[1]!.answer(false)
    await settled()
    expect([server.online.stats().subscriptions, refused]).toEqual([0, []])

    // Whoever comes back gets the answer to a question of their own.
    socket.emit(SUBSCRIBE, [group])
    socket.emit(SUBSCRIBE, [group], false)
    socket.emit(SUBSCRIBE, [group])
    await settled()
    expect(questions).toHaveLength(4)
    questions[2]!.answer(false)
    await settled()
    questions[3]!.answer(true)
    await until(() => server.online.stats().subscriptions === 1)
    expect(refused).toEqual([])
  })

  test('a disconnect cancels all that waits', async () => {
    const { questions, authorize } = createQuestions()
    const server = await startServer({ plugin: { authorize } })
    const { socket, settled } = await connect(server, 'ann')
    socket.emit(SUBSCRIBE, manyGroups(20))
    await settled()
    socket.disconnect()
    await until(() => server.online.stats().connections === 0)
    for (const { answer } of questions) answer(true)
    await new Promise(setImmediate)
    expect(server.online.stats().subscriptions).toBe(0)
  })

  test('unsubscribing also cancels what waits for identify, whatever waits between them', async () => {
    let identified = () => {}
    const server = await startServer({
      plugin: {
        identify: () => new Promise((resolve) => (identified = () => resolve('ann'))),
        authorize: ({ action }) => action === 'subscribe' || new Promise(() => {}),
      },
    })
    const { socket, settled } = await connect(server, 'ann')
    socket.emit(SUBSCRIBE, [{ group: 'first' }])
    socket.emit(SEND, Date.now(), 'note', '1', group)
    socket.emit(SUBSCRIBE, [{ group: 'second' }])
    await settled()
    identified()
    await until(() => server.online.stats().subscriptions === 1)
    socket.emit(SUBSCRIBE, [{ group: 'first' }, { group: 'second' }], false)
    await settled()
    // The order of the two is kept: the second one is still to begin, and then ends.
    socket.emit(SUBSCRIBE, [{ group: 'third' }])
    await settled()
    expect(server.online.stats().subscriptions).toBe(1)
  })

  test('unsubscribing is never refused, however often', async () => {
    const server = await startServer()
    const { socket, refused, settled } = await connect(server, 'ann')
    const groups = manyGroups(900)
    socket.emit(SUBSCRIBE, groups)
    for (let n = 0; n < 10; n++) socket.emit(SUBSCRIBE, groups, false)
    await settled()
    expect([server.online.stats().subscriptions, refused]).toEqual([0, []])
  })
})

describe('permission to subscribe', () => {
  test('is asked for all conversations at the same time, also for those of different packets, and once for each', async () => {
    const { questions, authorize } = createQuestions()
    const server = await startServer({ plugin: { authorize } })
    const { socket, refused, settled } = await connect(server, 'ann')
    socket.emit(SUBSCRIBE, [{ group: 'a' }, { group: 'b' }])
    socket.emit(SUBSCRIBE, [{ group: 'b' }, { group: 'c' }])
    await settled()
    expect(questions.map(({ group }) => group)).toEqual(['a', 'b', 'c'])
    questions[2]!.answer(true)
    questions[1]!.answer(false)
    await until(() => server.online.stats().subscriptions === 1)
    await settled()
    // Both entries were refused.
    expect(refused.map(({ group }) => group)).toEqual(['b', 'b'])
  })

  test('T6: a message waits for the subscriptions before it, whose answers it may cause, and for none after it', async () => {
    const { questions, authorize } = createQuestions()
    const server = await startServer({ plugin: { authorize } })
    const bot = server.online.createBot('bot')
    bot.subscribe(
      { user: 'ann' },
      {
        message: ({ from }) => void bot.send({ conversation: { user: from.id }, command: 'note', data: 'answer' }),
        typists() {},
      },
    )
    await until(() => questions.length === 1)
    questions[0]!.answer(true)
    const ann = await connect(server, 'ann')
    ann.socket.emit(SUBSCRIBE, [{ user: 'bot' }])
    const asked = send(ann.socket, '"question"', { user: 'bot' })
    await until(() => questions.length === 2)
    await ann.settled()
    expect(ann.received).toEqual([])
    questions[1]!.answer(true)
    expect(await asked).toEqual({ ok: true })
    await until(() => ann.received.length === 1)

    const sent = send(ann.socket, '1')
    ann.socket.emit(SUBSCRIBE, [{ group: 'never answered' }])
    expect(await sent).toEqual({ ok: true })
    // A message behind it is free again when nobody wants it any more.
    const behind = send(ann.socket, '2')
    ann.socket.emit(SUBSCRIBE, [{ group: 'never answered' }], false)
    expect(await behind).toEqual({ ok: true })
  })

  test('that is denied when it is asked for again ends the subscription: what is refused is not there', async () => {
    let mayRead = true
    const server = await startServer({ plugin: { authorize: ({ user }) => user.id === 'bob' || mayRead } })
    const [ann, bob] = [await connect(server, 'ann'), await connect(server, 'bob')]
    ann.socket.emit(SUBSCRIBE, [group])
    await ann.settled()
    mayRead = false
    ann.socket.emit(SUBSCRIBE, [group])
    await ann.settled()
    await send(bob.socket, '1')
    await ann.settled()
    expect(ann.refused).toEqual([{ group: 'team', code: 'forbidden' }])
    expect([ann.received, server.online.stats().subscriptions]).toEqual([[], 0])
  })

  test('a subscription that is refused because there are too many at once is not there either', async () => {
    // While no time passes, the rate limit does not recover.
    vi.useFakeTimers({ toFake: ['performance'] })
    const server = await startServer()
    const [ann, bob] = [await connect(server, 'ann'), await connect(server, 'bob')]
    ann.socket.emit(SUBSCRIBE, [group])
    for (let n = 0; n < 4; n++) ann.socket.emit(SUBSCRIBE, Array(1000).fill(group))
    await ann.settled()
    expect(ann.refused.length).toBeGreaterThan(0)
    await send(bob.socket, '1')
    await ann.settled()
    expect([ann.received, server.online.stats().subscriptions]).toEqual([[], 0])
  })

  test('has at most 1000 open questions for each connection, those that nobody waits for any more included', async () => {
    const { questions, authorize } = createQuestions()
    const server = await startServer({ plugin: { authorize } })
    const { socket, refused, settled } = await connect(server, 'ann')
    for (let n = 0; n < 3; n++) {
      const groups = manyGroups(500, `list${n} `)
      socket.emit(SUBSCRIBE, groups)
      socket.emit(SUBSCRIBE, groups, false)
    }
    await settled()
    expect([questions.length, refused.length]).toEqual([1000, 500])
    for (const { answer } of questions) answer(true)
    socket.emit(SUBSCRIBE, [group])
    await until(() => questions.length === 1001)
    questions[1000]!.answer(true)
    await until(() => server.online.stats().subscriptions === 1)
  })

  test('600 subscriptions that are asked for again leave room for others', async () => {
    const { questions, authorize } = createQuestions()
    const server = await startServer({ plugin: { authorize } })
    const { socket, refused, settled } = await connect(server, 'ann')
    const groups = manyGroups(600)
    socket.emit(SUBSCRIBE, groups)
    await settled()
    for (const { answer } of questions.splice(0)) answer(true)
    await until(() => server.online.stats().subscriptions === 600)
    socket.emit(SUBSCRIBE, groups)
    socket.emit(SUBSCRIBE, manyGroups(300, 'other'))
    await settled()
    for (const { answer } of questions) answer(true)
    await until(() => server.online.stats().subscriptions === 900)
    expect(refused).toEqual([])
  })
})
