import { Cluster, Redis } from 'ioredis'
import { createClient, createCluster } from 'redis'
import { describe, expect, test } from 'vitest'
import { keyPrefixOf, recognize } from '../../src/redis/clients.ts'
import { createRedisBus } from '../../src/redis/index.ts'

describe('a client is recognized', () => {
  const clients = {
    redis: createClient(),
    'redis cluster': createCluster({ rootNodes: [] }),
    ioredis: new Redis({ lazyConnect: true }),
    'ioredis cluster': new Cluster([], { lazyConnect: true }),
  }

  test.each(Object.entries(clients))('%s', (kind, client) => {
    const recognized = recognize(client)
    expect(recognized?.kind).toBe(kind)
    expect(recognized?.client).toBe(client)
    expect(keyPrefixOf(recognized!)).toBeUndefined()
  })

  test.each([
    undefined,
    null,
    'redis://a',
    () => {},
    {},
    { refreshSlotsCache() {} },
    { nodes() {} },
    { call() {} },
    { ssubscribe() {} },
    { slots: [], sSubscribe() {} },
    { slots: [], nodeClient() {} },
    { sSubscribe() {}, nodeClient() {} },
    { sendCommand() {} },
    { sSubscribe: true, sendCommand: true },
  ])('%s is not one', (value) => {
    expect(recognize(value)).toBeUndefined()
  })

  test('the prefix of ioredis is found, also that of a cluster', () => {
    const prefixOf = (client: unknown) => keyPrefixOf(recognize(client)!)
    const options = { lazyConnect: true }
    expect(prefixOf(new Redis({ ...options, keyPrefix: 'a:' }))).toBe('a:')
    expect(prefixOf(new Cluster([], { ...options, keyPrefix: 'b:' }))).toBe('b:')
    expect(prefixOf(new Cluster([], { ...options, redisOptions: { keyPrefix: 'c:' } }))).toBe('c:')
    expect(prefixOf(new Redis({ ...options, keyPrefix: '' }))).toBeFalsy()
  })
})

describe('bad arguments', () => {
  const redis = () => new Redis({ lazyConnect: true })
  const one = redis()
  const two = redis()
  const cluster = new Cluster([], { lazyConnect: true })
  const bad: readonly { name: string; options: object; error: RegExp }[] = [
    { name: 'nothing', options: {}, error: /publisher is no Redis client\. Give createClient\(\)/ },
    { name: 'no client', options: { publisher: {}, subscriber: two }, error: /publisher is no Redis client/ },
    { name: 'a URL', options: { publisher: one, subscriber: 'redis://a' }, error: /subscriber is no Redis client/ },
    { name: 'one client twice', options: { publisher: one, subscriber: one }, error: /same connection.*duplicate\(\)/ },
    { name: 'a server and a cluster', options: { publisher: one, subscriber: cluster }, error: /two kinds/ },
    { name: 'a prefix that is none', options: { publisher: one, subscriber: two, prefix: 7 }, error: /prefix is not/ },
    {
      name: 'a keyPrefix',
      options: { publisher: one, subscriber: new Redis({ lazyConnect: true, keyPrefix: 'a:' }) },
      error: /subscriber has a keyPrefix.*option prefix/,
    },
  ]
  test.each(bad)('$name', ({ options, error }) => {
    expect(() => createRedisBus(options as Parameters<typeof createRedisBus>[0])).toThrow(TypeError)
    expect(() => createRedisBus(options as Parameters<typeof createRedisBus>[0])).toThrow(error)
  })
})
