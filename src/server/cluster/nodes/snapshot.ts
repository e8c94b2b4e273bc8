import type { Snapshot, SnapshotEntry } from './bus-message.ts'

/** Most entries in one chunk: a snapshot of everything can be large, and one large message would block the bus. */
const CHUNK_SIZE = 500

/** Cuts a snapshot into the messages that carry it: at least one, even if there is nothing to tell. */
export function toChunks(entries: readonly SnapshotEntry[]): readonly Snapshot[] {
  const chunks = Math.max(1, Math.ceil(entries.length / CHUNK_SIZE))
  return Array.from({ length: chunks }, (_, chunk) => ({
    kind: 'snapshot',
    chunk,
    chunks,
    entries: entries.slice(chunk * CHUNK_SIZE, (chunk + 1) * CHUNK_SIZE),
  }))
}

/** Puts the chunks of another node's snapshot together. */
export interface SnapshotReader {
  /** @returns all entries, with the last chunk of a snapshot of which no chunk is missing. */
  add(chunk: Snapshot): readonly SnapshotEntry[] | undefined
  /** Throws away the chunks that have arrived: one of the snapshot's chunks cannot be used. */
  reset(): void
}

export function createSnapshotReader(): SnapshotReader {
  let received: readonly SnapshotEntry[][] = []

  return {
    add({ chunk, chunks, entries }) {
      if (chunk === 0) received = []
      if (chunk !== received.length) return undefined
      received = [...received, [...entries]]
      if (received.length !== chunks) return undefined
      const all = received.flat()
      received = []
      return all
    },
    reset() {
      received = []
    },
  }
}
