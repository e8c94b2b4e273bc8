import { expect, test } from 'vitest'
import type { RevocationNotice } from '../../../../src/server/cluster/nodes/bus-message.ts'
import { createSnapshotReader, toChunks } from '../../../../src/server/cluster/nodes/snapshot.ts'

const entries = (count: number): RevocationNotice[] =>
  Array.from({ length: count }, (_, at) => ({ kind: 'revocation', at, user: 'ann', conversation: undefined }))

test('a snapshot is cut into chunks of 500 entries and put together again', () => {
  const all = entries(1001)
  const chunks = toChunks(all)
  expect(chunks.map((chunk) => [chunk.chunk, chunk.chunks, chunk.entries.length])).toEqual([
    [0, 3, 500],
    [1, 3, 500],
    [2, 3, 1],
  ])
  const reader = createSnapshotReader()
  expect(chunks.map((chunk) => reader.add(chunk)?.length)).toEqual([undefined, undefined, 1001])
  const again = chunks.map((chunk) => reader.add(chunk)).at(-1)
  expect(again).toEqual(all)
})

test('an empty snapshot is one chunk: it says that a node has nothing', () => {
  const [chunk, ...others] = toChunks([])
  expect(others).toEqual([])
  expect(createSnapshotReader().add(chunk!)).toEqual([])
})

test('a snapshot with a missing chunk is no snapshot, and the next one begins with its first chunk', () => {
  const [first, second, third] = toChunks(entries(1001))
  const reader = createSnapshotReader()
  expect([second, third].map((chunk) => reader.add(chunk!))).toEqual([undefined, undefined])
  expect([first, third].map((chunk) => reader.add(chunk!))).toEqual([undefined, undefined])
  expect([first, second, third].map((chunk) => reader.add(chunk!)?.length)).toEqual([undefined, undefined, 1001])
})

test('after a chunk that cannot be used, the rest of the snapshot is not used either', () => {
  const [first, second, third] = toChunks(entries(1001))
  const reader = createSnapshotReader()
  reader.add(first!)
  reader.reset()
  expect([second, third].map((chunk) => reader.add(chunk!))).toEqual([undefined, undefined])
})
