import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { serverNow } from '../../../../src/server/clock.ts'
import { createPeerNodes, type PeerNode } from '../../../../src/server/cluster/peers/peer-nodes.ts'
import { MAX_AGE } from '../../../support/cluster/link.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const MINUTE = 60_000
const MAX_NODES = 10_000

/** Teaches us the clock of a node: it answers within this round trip, in milliseconds. */
const learn = ({ clock }: PeerNode, roundTrip = 0) =>
  clock.learn({ askedAt: serverNow() - roundTrip, answeredAt: serverNow(), receivedAt: serverNow() })
const knowsClock = ({ clock }: PeerNode) => clock.estimate(serverNow()) !== undefined

test('a node that has just published counts for a minute after its last message', () => {
  const peers = createPeerNodes(MAX_AGE)
  expect(peers.count()).toBe(0)
  peers.heard('one')
  vi.advanceTimersByTime(40_000)
  peers.heard('two')
  expect(peers.count()).toBe(2)
  vi.advanceTimersByTime(19_999)
  expect(peers.count()).toBe(2)
  vi.advanceTimersByTime(1)
  expect(peers.count()).toBe(1)
  peers.heard('one')
  expect(peers.count()).toBe(2)
})

test('a node is remembered for ten minutes after its last message, also while others come, and forgotten then', () => {
  const peers = createPeerNodes(MAX_AGE)
  const one = peers.heard('one')
  const two = peers.heard('two')
  expect(one).toMatchObject({ id: 'one', lastHeardAt: serverNow(), clockAskedAt: -Infinity })
  vi.advanceTimersByTime(9 * MINUTE)
  expect(peers.heard('two')).toBe(two)
  vi.advanceTimersByTime(MINUTE)
  peers.heard('another')
  expect(peers.heard('one')).toBe(one)
  vi.advanceTimersByTime(10 * MINUTE + 1)
  peers.heard('yet another')
  expect(peers.heard('one')).not.toBe(one)
})

test('T1: the numbers of a node are remembered for twice maxAge at least', () => {
  const peers = createPeerNodes(MAX_AGE)
  expect(peers.heard('one')?.seen.add(7, serverNow())).toBe(true)
  expect(peers.heard('two')?.seen.add(7, serverNow())).toBe(true)
  vi.advanceTimersByTime(2 * MAX_AGE - 1)
  // Numbers move into the earlier half when they are this old, so that a shorter time would have forgotten the first.
  peers.heard('one')?.seen.add(8, serverNow())
  vi.advanceTimersByTime(MAX_AGE)
  expect(peers.heard('one')?.seen.add(7, serverNow())).toBe(false)
})

test('K1: the clock of a node is known to a quarter of maxAge, or not at all', () => {
  const peer = createPeerNodes(MAX_AGE).heard('one')!
  // The error is half the round trip.
  expect(learn(peer, MAX_AGE / 2 + 2)).toBe(false)
  expect(learn(peer, MAX_AGE / 2)).toBe(true)
})

test('G1: after this machine has slept no clock is known, and it is learnt again once', () => {
  const peers = createPeerNodes(MAX_AGE)
  const [one, two] = [peers.heard('one')!, peers.heard('two')!]
  for (const peer of [one, two]) learn(peer)
  vi.advanceTimersByTime(1000)
  peers.heard('one')
  expect([one, two].map(knowsClock)).toEqual([true, true])

  // The wall clock has gone on while the steady one stood still.
  vi.setSystemTime(Date.now() + 251)
  peers.heard('one')
  expect([one, two].map(knowsClock)).toEqual([false, false])
  learn(one)
  peers.heard('one')
  expect(knowsClock(one)).toBe(true)
})

test('a wall clock that is set right by up to 250 ms says nothing about a sleep, in either direction', () => {
  for (const correction of [250, -250]) {
    const peers = createPeerNodes(MAX_AGE)
    const peer = peers.heard('one')!
    learn(peer)
    vi.setSystemTime(Date.now() + correction)
    peers.heard('one')
    expect(knowsClock(peer)).toBe(true)
    vi.setSystemTime(Date.now() + Math.sign(correction))
    peers.heard('one')
    expect(knowsClock(peer)).toBe(false)
  }
})

test('G3: a node that takes a new name all the time cannot make this one remember more than 10,000', () => {
  const peers = createPeerNodes(MAX_AGE)
  for (let n = 0; n < MAX_NODES; n++) peers.heard(`node-${n}`)
  expect(peers.heard('one too many')).toBeUndefined()
  expect(peers.count()).toBe(MAX_NODES)
  expect(peers.heard('node-0')?.id).toBe('node-0')
  // Places become free again.
  vi.advanceTimersByTime(10 * MINUTE + 1)
  expect(peers.heard('one too many')?.id).toBe('one too many')
})
