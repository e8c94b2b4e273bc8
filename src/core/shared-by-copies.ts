/**
 * A map that all copies of this package in one program have in common. A program can have several: a Node before 20.19 and
 * 22.12 loads one for `import` and another one for `require`. So the map is kept on the global object and not in a module.
 *
 * The 1 becomes a 2 when the values of a map change their shape: two versions of the package, loaded in one program, must not
 * read each other's.
 */
export function sharedByCopies<Key extends object, Value>(name: string): WeakMap<Key, Value> {
  const maps = globalThis as unknown as Record<symbol, WeakMap<Key, Value> | undefined>
  const key = Symbol.for(`react-online-message/1/${name}`)
  const map = maps[key] ?? new WeakMap()
  maps[key] = map
  return map
}
