import { describe, expect, test } from 'vitest'
import { startOwnClient, startPlainClient } from './clients.ts'
import { play, type Vector, vectors } from './vectors.ts'

const titleOf = ({ rule, name }: Vector) => `${rule} (${name})`

test('there are vectors, each with a name of its own', () => {
  expect(vectors.length).toBeGreaterThanOrEqual(40)
  expect(new Set(vectors.map(({ name }) => name)).size).toBe(vectors.length)
})

describe('the client of this package', () => {
  for (const vector of vectors) test(titleOf(vector), () => play(vector, startOwnClient))
})

describe('the client in examples/plain-client', () => {
  for (const vector of vectors) test(titleOf(vector), () => play(vector, startPlainClient))
})
