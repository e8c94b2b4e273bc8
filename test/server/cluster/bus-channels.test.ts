import { describe, expect, test } from 'vitest'
import { createBusChannels } from '../../../src/server/cluster/bus-channels.ts'

/** The subscriptions of a process, and what they ask of its engine. */
function start({ isActive = false } = {}) {
  const asked: string[] = []
  const channels = createBusChannels({
    open: (channel) => asked.push(`open ${channel}`),
    close: (channel) => asked.push(`close ${channel}`),
    isActive: () => isActive,
  })
  /** Subscribes, and collects what the subscription is called with. */
  const subscribe = (channel: string) => {
    const calls: string[] = []
    const end = channels.subscribe(
      channel,
      (message) => calls.push(message),
      () => calls.push('active'),
    )
    return { calls, end }
  }
  return { channels, asked, subscribe }
}

describe('B7: several subscriptions of one process', () => {
  test('open a channel once, and close it with the last of them', () => {
    const { asked, subscribe } = start()
    const one = subscribe('a')
    const two = subscribe('a')
    expect(asked).toEqual(['open a'])
    one.end()
    expect(asked).toEqual(['open a'])
    two.end()
    expect(asked).toEqual(['open a', 'close a'])
    subscribe('a')
    expect(asked).toEqual(['open a', 'close a', 'open a'])
  })

  test('unsubscribing twice ends no other subscription', () => {
    const { channels, asked, subscribe } = start()
    const one = subscribe('a')
    const two = subscribe('a')
    one.end()
    one.end()
    channels.onMessage('a', 'hello')
    expect([asked, one.calls, two.calls]).toEqual([['open a'], [], ['hello']])
    two.end()
    two.end()
    expect(asked).toEqual(['open a', 'close a'])
  })

  test('each get the messages of their channel, and what the engine confirms', () => {
    const { channels, subscribe } = start()
    const [one, two, other] = [subscribe('a'), subscribe('a'), subscribe('b')]
    channels.onActive('a')
    channels.onMessage('a', 'hello')
    channels.onMessage('nobody', 'reads this')
    expect([one.calls, two.calls, other.calls]).toEqual([['active', 'hello'], ['active', 'hello'], []])
  })
})

test('B6: on a channel that is active already, a subscription is active after the call, and never after its end', async () => {
  const { subscribe } = start({ isActive: true })
  const [one, two] = [subscribe('a'), subscribe('a')]
  two.end()
  expect(one.calls).toEqual([])
  await Promise.resolve()
  expect([one.calls, two.calls]).toEqual([['active'], []])
})

test('B5: on a channel that the engine has not confirmed, a subscription is not active', async () => {
  const { subscribe } = start({ isActive: false })
  const { calls } = subscribe('a')
  await Promise.resolve()
  expect(calls).toEqual([])
})

test('B6: a subscription that another one ends within a message does not get it any more', () => {
  const { channels } = start()
  const seen: string[] = []
  const ends: (() => void)[] = []
  for (const name of ['one', 'two']) {
    const onMessage = () => {
      seen.push(name)
      for (const end of ends) end()
    }
    ends.push(channels.subscribe('a', onMessage, () => {}))
  }
  channels.onMessage('a', 'hello')
  expect(seen).toEqual(['one'])
})

test('the names are those of the channels that have subscriptions', () => {
  const { channels, subscribe } = start()
  const { end } = subscribe('a')
  subscribe('b')
  subscribe('b')
  end()
  expect([...channels.names()]).toEqual(['b'])
})
