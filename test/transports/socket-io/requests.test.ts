import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createRequests } from '../../../src/transports/socket-io/requests.ts'
import type { ClientSocket, Packet } from '../../../src/transports/socket-io/client-socket.ts'
import { createSocketListeners } from '../../../src/transports/socket-io/socket-listeners.ts'
import { createWaitingCalls } from '../../../src/transports/socket-io/waiting-calls.ts'
import { pass } from '../../support/pass.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

const EVENT = 2
const ACK = 3

function setUp() {
  const written: Packet[] = []
  const events: unknown[] = []
  const socket = { nsp: '/chat', io: { _packet: (packet: Packet) => void written.push(packet) } }
  const requests = createRequests(socket as unknown as ClientSocket, (event) => events.push(event))
  const answer = (packet: Packet | undefined, ...data: readonly unknown[]) =>
    requests.receive({ type: ACK, nsp: '/chat', id: packet!.id, data })
  return { requests, written, events, answer }
}

/** What a promise has resolved to until now. */
function watch(promise: Promise<unknown>) {
  const results: unknown[] = []
  void promise.then((result) => results.push(result))
  return results
}

describe('an event is written', () => {
  test('at once, in the namespace, and without an answer it is accepted at once', async () => {
    const { requests, written } = setUp()
    const results = watch(requests.write(['om:x', 1], { answer: 'none' }))
    expect(written).toEqual([{ type: EVENT, nsp: '/chat', data: ['om:x', 1], id: undefined }])
    await pass(0)
    expect(results).toEqual([{ ok: true }])
  })

  test('with an id of its own for the answer, far from those of the app', async () => {
    const { requests, written, answer } = setUp()
    const first = watch(requests.write(['om:x'], { answer: 'expected' }))
    const second = watch(requests.write(['om:y'], { answer: 'only-refusals' }))
    const [one, other] = written
    expect(one!.id).toBeGreaterThan(2 ** 30)
    expect(other!.id).toBe(one!.id! + 1)
    const refusal = { ok: false, code: 'forbidden', message: 'no' }
    answer(other, refusal)
    answer(one, { ok: true, recipients: 2 })
    await pass(0)
    expect(first).toEqual([{ ok: true, recipients: 2 }])
    expect(second).toEqual([refusal])
  })

  test('silence for 5 s is a timeout where an answer is expected, and acceptance where only a refusal is', async () => {
    const { requests } = setUp()
    const expected = watch(requests.write(['om:x'], { answer: 'expected' }))
    const onlyRefusals = watch(requests.write(['om:x'], { answer: 'only-refusals' }))
    await pass(4999)
    expect([expected, onlyRefusals]).toEqual([[], []])
    await pass(1)
    expect(expected).toMatchObject([{ ok: false, code: 'timeout' }])
    expect(onlyRefusals).toEqual([{ ok: true }])
  })

  test('T1: the end of the connection answers everything with offline, and a late answer changes nothing', async () => {
    const { requests, written, answer } = setUp()
    const results = watch(requests.write(['om:x'], { answer: 'expected' }))
    requests.endAll()
    answer(written[0], { ok: true })
    await pass(0)
    expect(results).toMatchObject([{ ok: false, code: 'offline' }])
  })

  test.each([undefined, null, {}, { ok: 1 }, 'ok'])('an answer %j is unreadable', async (value) => {
    const { requests, written, answer } = setUp()
    const results = watch(requests.write(['om:x'], { answer: 'expected' }))
    answer(written[0], value)
    await pass(0)
    expect(results).toMatchObject([{ ok: false, code: 'invalid' }])
  })
})

describe('a question', () => {
  test('is answered however long it takes, and once', async () => {
    const { requests, written, answer } = setUp()
    const answers: unknown[] = []
    requests.ask(['om:hello', 1], (value) => answers.push(value))
    expect(written).toMatchObject([{ type: EVENT, nsp: '/chat', data: ['om:hello', 1] }])
    await pass(60_000)
    answer(written[0], { ok: true })
    answer(written[0], { ok: true })
    expect(answers).toEqual([{ ok: true }])
  })

  test('is given up when the connection ends, or when twenty others have followed', () => {
    const { requests, written, answer } = setUp()
    const answered: number[] = []
    const ask = (number: number) => requests.ask(['om:hello'], () => answered.push(number))
    ask(0)
    requests.endAll()
    for (let number = 1; number <= 21; number++) ask(number)
    for (const packet of written) answer(packet, { ok: true })
    expect(answered).toEqual(Array.from({ length: 20 }, (_, index) => index + 2))
  })
})

describe('a packet is received', () => {
  test('if it is an event of the namespace', () => {
    const { requests, events } = setUp()
    const packets = [
      { type: EVENT, nsp: '/chat', data: ['om:x', 1] },
      { type: EVENT, nsp: '/', data: ['om:other'] },
      { type: EVENT, nsp: '/chat', data: 'om:y' },
      { type: EVENT, nsp: '/chat' },
      { type: 0, nsp: '/chat', data: ['om:z'] },
      { type: ACK, nsp: '/chat', data: ['om:z'] },
      { type: ACK, nsp: '/chat', data: ['om:z'], id: 7 },
    ]
    for (const packet of packets) requests.receive(packet)
    expect(events).toEqual([['om:x', 1]])
  })

  test('an answer is one of an acknowledgement in the namespace', async () => {
    const { requests, written } = setUp()
    const results = watch(requests.write(['om:x'], { answer: 'expected' }))
    const id = written[0]!.id
    requests.receive({ type: ACK, nsp: '/', id, data: [{ ok: true }] })
    requests.receive({ type: 0, nsp: '/chat', id, data: [{ ok: true }] })
    requests.receive({ type: ACK, nsp: '/chat', id, data: { ok: true } })
    await pass(0)
    expect(results).toEqual([])
    requests.endAll()
  })
})

describe('T7: the listeners on a socket and its manager', () => {
  /** Notes what is added and removed, as Socket.IO's emitter does. */
  function createEmitter() {
    const listeners = new Map<string, unknown[]>()
    const of = (event: string) => listeners.get(event) ?? []
    return {
      on: (event: string, listener: unknown) => void listeners.set(event, [...of(event), listener]),
      off: (event: string, listener: unknown) =>
        void listeners.set(
          event,
          of(event).filter((one) => one !== listener),
        ),
      listeners: of,
      removeAll: (event: string) => void listeners.delete(event),
    }
  }
  const options = { onPacket: vi.fn(), onClose: vi.fn(), onDisconnect: vi.fn(), onPing: vi.fn() }

  function setUpListeners() {
    const io = createEmitter()
    const socket = { ...createEmitter(), io }
    const listeners = createSocketListeners(socket as unknown as ClientSocket, options)
    const all = () => ({
      packet: io.listeners('packet'),
      close: io.listeners('close'),
      ping: io.listeners('ping'),
      disconnect: socket.listeners('disconnect'),
    })
    return { io, socket, listeners, all }
  }
  const complete = {
    packet: [options.onPacket],
    close: [options.onClose],
    ping: [options.onPing],
    disconnect: [options.onDisconnect],
  }

  test('each is added once, and all are removed', () => {
    const { listeners, all } = setUpListeners()
    expect(listeners.attach()).toBe(true)
    expect(all()).toEqual(complete)
    expect(listeners.attach()).toBe(false)
    expect(all()).toEqual(complete)
    listeners.detach()
    expect(all()).toEqual({ packet: [], close: [], ping: [], disconnect: [] })
  })

  test.each([
    { event: 'packet', mayHaveMissed: true },
    { event: 'close', mayHaveMissed: true },
    { event: 'ping', mayHaveMissed: false },
    { event: 'disconnect', mayHaveMissed: false },
  ])('one that other code has removed is added again: $event', ({ event, mayHaveMissed }) => {
    const { io, socket, listeners, all } = setUpListeners()
    listeners.attach()
    io.removeAll(event)
    socket.removeAll(event)
    expect(listeners.attach()).toBe(mayHaveMissed)
    expect(all()).toEqual(complete)
  })
})

describe('T6: calls that wait for one outcome', () => {
  test('are finished in their order, and one that is added meanwhile as well', () => {
    const calls = createWaitingCalls<string>()
    const finished: unknown[] = []
    expect(calls.isEmpty()).toBe(true)
    calls.add(() => {
      finished.push('first')
      calls.add((outcome) => finished.push(`third: ${JSON.stringify(outcome)}`), undefined)
    }, undefined)
    calls.add(() => finished.push('second'), undefined)
    expect(calls.isEmpty()).toBe(false)
    calls.finish('done')
    expect(finished).toEqual(['first', 'second', 'third: "done"'])
    expect(calls.isEmpty()).toBe(true)
    calls.finish('again')
    expect(finished).toHaveLength(3)
  })

  test('an aborted one is called back at once, and not again', () => {
    const calls = createWaitingCalls<string>()
    const outcomes: unknown[] = []
    const controller = new AbortController()
    calls.add((outcome) => outcomes.push(outcome), controller.signal)
    controller.abort()
    expect(outcomes).toMatchObject([{ ok: false, code: 'aborted' }])
    expect(calls.isEmpty()).toBe(true)
    calls.finish('done')
    expect(outcomes).toHaveLength(1)
  })

  test('a signal that is aborted after the outcome changes nothing, and keeps no listener', () => {
    const calls = createWaitingCalls<string>()
    const outcomes: unknown[] = []
    const controller = new AbortController()
    const remove = vi.spyOn(controller.signal, 'removeEventListener')
    calls.add((outcome) => outcomes.push(outcome), controller.signal)
    calls.finish('done')
    controller.abort()
    expect(outcomes).toEqual(['done'])
    expect(remove).toHaveBeenCalledOnce()
  })
})
