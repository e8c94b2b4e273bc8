import { serverNow } from '../clock.ts'

/** How long a notice is part of this node's snapshots, in milliseconds. */
const KEEP_FOR = 600_000

const MAX_KEPT = 1000

/** The latest notices of this node, for a node that has missed some. */
export interface KeptNotices<Notice> {
  add(notice: Notice): void
  all(): readonly Notice[]
}

export function createKeptNotices<Notice extends { readonly at: number }>(): KeptNotices<Notice> {
  let kept: readonly Notice[] = []

  return {
    add(notice) {
      const recent = kept.filter(({ at }) => serverNow() - at <= KEEP_FOR)
      kept = [...recent, notice].slice(-MAX_KEPT)
    },
    all: () => kept,
  }
}
