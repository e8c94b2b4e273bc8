import { describe, expect, test } from 'vitest'
import { createBoundedMap } from '../../src/core/bounded-map.ts'

describe('createBoundedMap', () => {
  test('remembers as many keys as it may, and then forgets the one that was set longest ago', () => {
    const map = createBoundedMap<string, number>(2)
    map.set('a', 1)
    map.set('b', 2)
    expect([map.get('a'), map.get('b')]).toEqual([1, 2])
    map.set('c', 3)
    expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([undefined, 2, 3])
    expect([map.has('a'), map.has('b'), map.has('c')]).toEqual([false, true, true])
  })

  test('a key that is set again is the latest one, and has its new value', () => {
    const map = createBoundedMap<string, number>(2)
    map.set('a', 1)
    map.set('b', 2)
    map.set('a', 3)
    map.set('c', 4)
    expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([3, undefined, 4])
  })

  test('reading a key does not make it the latest one', () => {
    const map = createBoundedMap<string, number>(2)
    map.set('a', 1)
    map.set('b', 2)
    map.get('a')
    map.has('a')
    map.set('c', 3)
    expect(map.has('a')).toBe(false)
  })

  test('a deleted key leaves room for another', () => {
    const map = createBoundedMap<string, number>(2)
    map.set('a', 1)
    map.set('b', 2)
    map.delete('b')
    map.delete('b')
    expect(map.has('b')).toBe(false)
    map.set('c', 3)
    expect([map.has('a'), map.has('b'), map.has('c')]).toEqual([true, false, true])
  })

  test('a key and a value may be `undefined`', () => {
    const map = createBoundedMap<unknown, unknown>(1)
    map.set(undefined, undefined)
    expect(map.has(undefined)).toBe(true)
    map.set('a', undefined)
    expect([map.has(undefined), map.has('a')]).toEqual([false, true])
  })
})
