import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addTo, countOf, includes, itemsOf, removeFrom, type SmallSet } from '../../../src/server/devices/small-set.ts'

interface Item {
  readonly n: number
}
const [a, b, c] = [{ n: 1 }, { n: 2 }, { n: 3 }] as const

describe('a small set', () => {
  test('of one item is that item, and of none is undefined', () => {
    expect(addTo(undefined, a)).toBe(a)
    expect(addTo(a, a)).toBe(a)
    expect(removeFrom(a, a)).toBeUndefined()
    expect(removeFrom<Item>(addTo<Item>(a, b), a)).toBe(b)
    expect(removeFrom<Item>(undefined, a)).toBeUndefined()
  })

  test('counts its items, and knows them', () => {
    const two = addTo<Item>(a, b)
    expect([countOf(undefined), countOf(a), countOf(two)]).toEqual([0, 1, 2])
    expect([includes<Item>(undefined, a), includes<Item>(a, a), includes<Item>(a, b)]).toEqual([false, true, false])
    expect([includes<Item>(two, b), includes<Item>(two, c)]).toEqual([true, false])
  })

  test('gives its items as a copy, from which one may be removed meanwhile', () => {
    let set: SmallSet<Item> = addTo<Item>(addTo<Item>(a, b), c)
    const seen: Item[] = []
    for (const item of itemsOf(set)) {
      set = removeFrom(set, item)
      seen.push(item)
    }
    expect([seen, set]).toEqual([[a, b, c], undefined])
  })

  test('holds what a Set would hold, after any additions and removals', () => {
    const items = [a, b, c, { n: 4 }]
    const steps = fc.array(fc.record({ item: fc.constantFrom<Item>(...items), isAdded: fc.boolean() }))
    fc.assert(
      fc.property(steps, (all) => {
        let small: SmallSet<Item>
        const plain = new Set<Item>()
        for (const { item, isAdded } of all) {
          small = isAdded ? addTo(small, item) : removeFrom(small, item)
          if (isAdded) plain.add(item)
          else plain.delete(item)
          expect(itemsOf(small)).toEqual([...plain])
          expect(countOf(small)).toBe(plain.size)
          for (const one of items) expect(includes(small, one)).toBe(plain.has(one))
        }
      }),
    )
  })
})
