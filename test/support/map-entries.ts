import { vi } from 'vitest'

/** How many entries are left, after `run`, in all the maps that it wrote to. Nothing else can see what a closure keeps. */
export function mapEntriesLeftBy(run: () => void): number {
  const maps = new Set<ReadonlyMap<unknown, unknown>>()
  const set = Reflect.get(Map.prototype, 'set') as (this: Map<unknown, unknown>, key: unknown, value: unknown) => void
  const spy = vi.spyOn(Map.prototype, 'set').mockImplementation(function (this: Map<unknown, unknown>, key, value) {
    maps.add(this)
    set.call(this, key, value)
    return this
  })
  run()
  spy.mockRestore()
  return [...maps].reduce((entries, map) => entries + map.size, 0)
}
