import { describe, expect, test } from 'vitest'
import type { Activity } from '../../../src/core/index.ts'
import { createSharedLeases } from '../../../src/transports/socket-io/shared-leases.ts'

function start() {
  let now = 0
  const leases = createSharedLeases(() => now)
  const clientOf = (key = 'team') => {
    const owner = {}
    return {
      take: (activity: Activity, ttl = 7000) => leases.update({ owner, key, lease: { ttl, activity, since: now } }),
      release: () => leases.update({ owner, key, lease: { ttl: 0, activity: 'typing', since: 0 } }),
      refused: () => leases.remove(owner, key),
    }
  }
  return { leases, clientOf, pass: (milliseconds: number) => (now += milliseconds) }
}

describe('T8: the lease that is written', () => {
  test('is that of the only client, as it is', () => {
    const { clientOf } = start()
    const client = clientOf()
    expect(client.take('typing')).toEqual({ ttl: 7000, activity: 'typing', since: 0 })
    expect(client.take('recording', 3000)).toEqual({ ttl: 3000, activity: 'recording', since: 0 })
    expect(client.release()).toMatchObject({ ttl: 0 })
  })

  test('shows the activity that began last, until the last client has released its own', () => {
    const { clientOf, pass } = start()
    const [one, other] = [clientOf(), clientOf()]
    one.take('typing')
    expect(other.take('recording')).toMatchObject({ activity: 'recording', ttl: 7000 })
    pass(1000)
    // A renewal keeps its place.
    expect(one.take('typing')).toMatchObject({ activity: 'recording', ttl: 7000 })
    pass(1000)
    expect(other.release()).toMatchObject({ activity: 'typing', ttl: 6000 })
    expect(one.release()).toMatchObject({ ttl: 0 })
  })

  test('a change of the activity counts as a beginning', () => {
    const { clientOf } = start()
    const [one, other] = [clientOf(), clientOf()]
    one.take('typing')
    other.take('recording')
    expect(one.take('photo')).toMatchObject({ activity: 'photo' })
  })

  test('that of a client that vanished does not outlive its own time', () => {
    const { clientOf, pass } = start()
    const [one, vanished] = [clientOf(), clientOf()]
    one.take('typing')
    vanished.take('recording')
    pass(5000)
    expect(one.take('typing')).toMatchObject({ activity: 'recording', ttl: 7000 })
    pass(2000)
    expect(one.take('typing')).toMatchObject({ activity: 'typing', ttl: 7000 })
  })

  test('one that was refused is not held', () => {
    const { clientOf } = start()
    const [one, refused] = [clientOf(), clientOf()]
    one.take('typing')
    refused.take('recording')
    refused.refused()
    expect(one.release()).toMatchObject({ ttl: 0 })
  })

  test('conversations are kept apart, and all of them end with the connection', () => {
    const { leases, clientOf } = start()
    const [here, there] = [clientOf('here'), clientOf('there')]
    here.take('typing')
    there.take('recording')
    expect(here.release()).toMatchObject({ ttl: 0 })
    const late = clientOf('there')
    leases.clear()
    expect(late.release()).toMatchObject({ ttl: 0 })
  })
})
