import type { Socket } from 'socket.io'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { SendFailure } from '../../../src/core/message/send-result.ts'
import type { User } from '../../../src/core/message/user.ts'
import { type Connection, createConnection, enqueue } from '../../../src/server/connections/connection.ts'
import { createIdentification } from '../../../src/server/connections/identification.ts'
import { identify as identifySocket } from '../../../src/server/connections/identity.ts'
import { createDevice } from '../../../src/server/devices/device.ts'
import { serverNow } from '../../../src/server/clock.ts'
import { type OnlineMessageServerOptions, readOptions } from '../../../src/server/options.ts'

const warnings = vi.spyOn(console, 'warn')
const complaints = vi.spyOn(console, 'error')
beforeEach(() => {
  vi.useFakeTimers()
  warnings.mockReset().mockReturnValue(undefined)
  complaints.mockReset().mockReturnValue(undefined)
})
afterEach(() => {
  vi.useRealTimers()
})

type Identify = OnlineMessageServerOptions['identify']
const turn = () => vi.advanceTimersByTimeAsync(0)

/** A connection as `connections.ts` has it: with a device, or with a rejection, once it is known whose it is. */
function start(identify: Identify) {
  const answers: (string | SendFailure)[] = []
  const tells: boolean[] = []
  const asked: Connection[] = []
  const identification = createIdentification(
    readOptions({
      authorize: 'anyone',
      identify(socket) {
        asked.push((socket.data as { connection: Connection }).connection)
        return identify(socket)
      },
    }),
    ({ connection, askedAt, tellsClient }, answer) => {
      const isUser = 'id' in answer
      answers.push(isUser ? answer.id : answer)
      tells.push(tellsClient)
      connection.device = isUser ? createDevice(answer, () => {}) : undefined
      connection.rejection = isUser ? undefined : { reason: answer, askedAt }
    },
  )
  const connect = () => {
    const socket = { connected: true, data: {} }
    const connection = createConnection(socket as unknown as Socket)
    Object.assign(socket.data, { connection })
    return connection
  }
  return { ...identification, connect, answers, asked, tells }
}

/** An `identify` whose answers the test gives. */
function createSlowIdentify() {
  const questions: ((answer: string | null) => void)[] = []
  const identify = () => new Promise<string | null>((resolve) => questions.push(resolve))
  const answer = (index: number, user: string | null) => {
    questions[index]!(user)
    return turn()
  }
  return { questions, identify, answer }
}

/** What has run of the packets of a connection. */
function watchQueue(connection: Connection) {
  const task = vi.fn()
  enqueue(connection, task)
  return () => task.mock.calls.length > 0
}

describe('a new connection', () => {
  test('whose identify answers at once waits for nothing', () => {
    const { begin, connect, answers, tells } = start(() => 'ann')
    const connection = connect()
    begin(connection)
    expect([answers, tells, watchQueue(connection)()]).toEqual([['ann'], [false], true])
    expect([connection.question, connection.queue]).toEqual([undefined, undefined])
  })

  test('T6: whose identify thinks makes its packets wait for the answer', async () => {
    const { identify, answer } = createSlowIdentify()
    const { begin, connect, answers } = start(identify)
    const connection = connect()
    begin(connection)
    const hasRun = watchQueue(connection)
    await turn()
    expect([answers, hasRun()]).toEqual([[], false])
    await answer(0, 'ann')
    expect([answers, hasRun(), connection.question]).toEqual([['ann'], true, undefined])
  })
})

describe('I1: to ask again', () => {
  test('while the connection has a user holds nothing up, and the client may have to be sent the change', async () => {
    const { identify, answer } = createSlowIdentify()
    const { again, connect, answers, tells } = start(identify)
    const connection = connect()
    connection.device = createDevice({ id: 'ann' }, () => {})
    again(connection)
    expect(watchQueue(connection)()).toBe(true)
    await answer(0, 'cy')
    expect([answers, tells]).toEqual([['cy'], [true]])
  })

  test('T6: after a rejection waits for the packets before it, and holds up those after it', async () => {
    const { identify, questions, answer } = createSlowIdentify()
    const { again, connect, answers, tells } = start(identify)
    const connection = connect()
    let end = () => {}
    enqueue(connection, () => new Promise<void>((resolve) => (end = resolve)))
    again(connection)
    const hasRun = watchQueue(connection)
    expect(questions).toHaveLength(0)
    end()
    await turn()
    expect([questions.length, hasRun()]).toEqual([1, false])
    await answer(0, 'ann')
    expect([answers, tells, hasRun()]).toEqual([['ann'], [true], true])
  })

  test('T6: before an earlier answer: only the latest one counts, and what waits goes on with it', async () => {
    const { identify, answer } = createSlowIdentify()
    const { begin, again, connect, answers, tells } = start(identify)
    const connection = connect()
    begin(connection)
    const hasRun = watchQueue(connection)
    again(connection)
    again(connection)
    await answer(0, 'first')
    await answer(1, 'second')
    expect([answers, hasRun()]).toEqual([[], false])
    await answer(2, 'third')
    // The answer to the hello says it, as for the first question.
    expect([answers, tells, hasRun()]).toEqual([['third'], [false], true])
  })

  test('T6: an identify that answers at once lets go on what waited for one that never will', () => {
    let isSlow = true
    const { begin, again, connect, answers } = start(() => (isSlow ? new Promise<never>(() => {}) : 'ann'))
    const connection = connect()
    begin(connection)
    isSlow = false
    again(connection)
    expect([answers, connection.question]).toEqual([['ann'], undefined])
    expect(connection.device).toBeDefined()
  })

  test('the client that would have been sent the change is sent it after a later question, too', async () => {
    const { identify, answer } = createSlowIdentify()
    const { again, connect, tells } = start(identify)
    const connection = connect()
    again(connection)
    again(connection)
    await answer(1, 'ann')
    expect(tells).toEqual([true])
  })
})

describe('I1: a user who is reidentified while identify thinks', () => {
  test('is asked about again if the answer names this user, and the packets wait on', async () => {
    const { identify, questions, answer } = createSlowIdentify()
    const { begin, doubt, connect, answers, tells } = start(identify)
    const connection = connect()
    begin(connection)
    const hasRun = watchQueue(connection)
    doubt('ann')
    await answer(0, 'ann')
    expect([answers, questions.length, hasRun()]).toEqual([[], 2, false])
    await answer(1, 'ann')
    expect([answers, tells, hasRun()]).toEqual([['ann'], [false], true])
  })

  test('and who is told of a change is told of it then', async () => {
    const { identify, answer } = createSlowIdentify()
    const { again, doubt, connect, tells } = start(identify)
    const connection = connect()
    connection.device = createDevice({ id: 'bob' }, () => {})
    again(connection)
    doubt('ann')
    await answer(0, 'ann')
    await answer(1, 'ann')
    expect(tells).toEqual([true])
  })

  test.each([['cy'], [null]])('is not asked about again if the answer is %s', async (user) => {
    const { identify, questions, answer } = createSlowIdentify()
    const { begin, doubt, connect, answers } = start(identify)
    begin(connect())
    doubt('ann')
    await answer(0, user)
    expect([answers.length, questions.length]).toEqual([1, 1])
  })

  test('is asked about again on each connection that waits, and on none that has its answer', async () => {
    const { identify, questions, answer } = createSlowIdentify()
    const { begin, doubt, connect, asked } = start(identify)
    const [one, two, three] = [connect(), connect(), connect()]
    for (const connection of [one, two, three]) begin(connection)
    await answer(0, 'ann')
    doubt('ann')
    await answer(1, 'ann')
    await answer(2, 'ann')
    expect([questions.length, asked.slice(3)]).toEqual([5, [two, three]])
  })
})

describe('I1: a hello', () => {
  const reject = (connection: Connection) => {
    connection.rejection = { reason: { ok: false, code: 'forbidden', message: '' }, askedAt: serverNow() }
  }

  test('on a rejected connection asks again a second after the latest question, and no earlier', () => {
    const { onHello, connect, asked, tells } = start(() => null)
    const connection = connect()
    reject(connection)
    vi.advanceTimersByTime(999)
    onHello(connection)
    expect(asked).toHaveLength(0)
    vi.advanceTimersByTime(1)
    onHello(connection)
    onHello(connection)
    expect([asked.length, tells]).toEqual([1, [false]])
  })

  test('asks nothing on a connection that has a user', () => {
    const { onHello, connect, asked } = start(() => 'ann')
    const connection = connect()
    connection.device = createDevice({ id: 'ann' }, () => {})
    onHello(connection)
    expect(asked).toHaveLength(0)
  })

  test('asks nothing while a question is open, and what comes after it waits for the answer', async () => {
    const { identify, questions, answer } = createSlowIdentify()
    const { onHello, connect } = start(identify)
    const connection = connect()
    reject(connection)
    vi.advanceTimersByTime(1000)
    onHello(connection)
    const hasRun = watchQueue(connection)
    vi.advanceTimersByTime(4000)
    onHello(connection)
    expect([questions.length, hasRun()]).toEqual([1, false])
    await answer(0, 'ann')
    expect(hasRun()).toBe(true)
  })
})

describe('the warning of an identify that does not answer', () => {
  const SLOW_AFTER = 5000

  test('comes once, after 5 s, and names the fix', () => {
    const { begin, connect } = start(createSlowIdentify().identify)
    for (let n = 0; n < 2; n++) begin(connect())
    vi.advanceTimersByTime(SLOW_AFTER - 1)
    expect(warnings).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    begin(connect())
    // No other one is waited for any more.
    expect(vi.getTimerCount()).toBe(0)
    expect(warnings.mock.calls).toEqual([[expect.stringMatching(/call reidentify.*identify-slow\)$/)]])
  })

  test('does not come for a connection that has its answer, and no timer is left', async () => {
    const { identify, answer } = createSlowIdentify()
    const { begin, connect } = start(identify)
    begin(connect())
    await answer(0, 'ann')
    expect(vi.getTimerCount()).toBe(0)
  })

  test('does not come for a connection that has ended', () => {
    const { begin, connect } = start(createSlowIdentify().identify)
    const connection = connect()
    begin(connection)
    Object.assign(connection.socket, { connected: false })
    vi.advanceTimersByTime(SLOW_AFTER)
    expect(warnings).not.toHaveBeenCalled()
  })

  test('does not come for a question that a later one has replaced', async () => {
    const { identify, answer } = createSlowIdentify()
    const { begin, again, connect } = start(identify)
    const connection = connect()
    begin(connection)
    vi.advanceTimersByTime(1000)
    again(connection)
    await answer(1, 'ann')
    vi.advanceTimersByTime(SLOW_AFTER)
    expect(warnings).not.toHaveBeenCalled()
  })

  test('keeps no process alive', () => {
    vi.useRealTimers()
    const setTimer = vi.spyOn(globalThis, 'setTimeout')
    const { begin, connect } = start(createSlowIdentify().identify)
    begin(connect())
    const timer = setTimer.mock.results[0]!.value as NodeJS.Timeout
    setTimer.mockRestore()
    const isKept = timer.hasRef()
    clearTimeout(timer)
    expect(isKept).toBe(false)
  })
})

describe('what identify answers', () => {
  const answerOf = (answer: unknown) => identifySocket((() => answer) as Identify, {} as unknown as Socket)
  const noUser: unknown = expect.objectContaining({
    code: 'forbidden',
    message: expect.stringMatching(/no user/) as string,
  })
  const failed: unknown = expect.objectContaining({
    code: 'forbidden',
    message: expect.stringMatching(/failed/) as string,
  })

  test.each<[unknown, unknown]>([
    ['ann', { id: 'ann' }],
    [{ id: 'ann', name: 'Ann', age: 7 }, { id: 'ann', name: 'Ann' } satisfies User],
    [null, noUser],
    [undefined, noUser],
    ['', failed],
    [5, failed],
  ])('%o is known within the call, and by a promise as well', async (answer, result) => {
    expect(answerOf(answer)).toEqual(result)
    const later = answerOf(Promise.resolve(answer))
    expect(later).toBeInstanceOf(Promise)
    expect(await later).toEqual(result)
  })

  test('a wrong id is reported, with who gave it', () => {
    expect(answerOf(5)).toEqual(failed)
    const messages = complaints.mock.calls.map(([, error]) => (error as Error).message)
    expect(messages).toEqual([expect.stringContaining('identify gave an id that is a number (5)')])
  })

  test('an error and a rejection are reported, and a client hears nothing of them', async () => {
    const error = new Error('password')
    const throws: Identify = () => {
      throw error
    }
    expect(identifySocket(throws, {} as unknown as Socket)).toEqual(failed)
    expect(await answerOf(Promise.reject(error))).toEqual(failed)
    expect(complaints.mock.calls.map(([, reported]) => reported as Error)).toEqual([error, error])
  })
})
